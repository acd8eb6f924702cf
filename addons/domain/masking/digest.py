"""Text -> digest: a shorter text in its place that a model can work with, by the rule for its kind of content.

A pure function of the text and the settings: no clock, no counter, no chance. A digest is never longer than its
original, and a text that is already a digest is left alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from addons.domain.masking import placeholder
from addons.domain.masking.document import Document, Hint, Range, read
from addons.domain.masking.rules import RULES
from addons.domain.masking.selection import Body, Shorten

OVERHEAD_TOKENS = 55
"""What the placeholder's line takes besides what it says of the content: tag, sizes, the tool's name (cl100k_base)."""
NEAR = 1.1
"""How much longer than its target a digest may turn out."""
ATTEMPTS = 4
"""Rules estimate what lines cost; where the whole turns out too long, they are given less."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a digest may be."""

    share: float = 0.08
    """Of the original's tokens."""
    least: int = 60
    """Tokens; a share of a short text would be too little to tell anything."""
    most: int = 2000
    """Tokens; what a digest of any length may take."""
    enough: float = 0.75
    """The digest with its placeholder must be at most this share of the original, else the original stays."""

    def tokens(self, original: int) -> int:
        return max(self.least, min(self.most, int(self.share * original)))


@dataclass(frozen=True, slots=True)
class Digest:
    kind: str
    """The rule's name for the content."""
    text: str
    """What takes the original's place, without the placeholder's line; ends with the status line, if there was one."""
    omitted: tuple[Range, ...]
    """Lines left out, by the numbers that the digest shows."""
    left_out: str
    """The same and what else was left out or folded, in words, for the placeholder."""
    tokens_before: int
    tokens_after: int
    """Of `text` and `left_out`; the rest of the placeholder's line takes OVERHEAD_TOKENS more."""


def digest(text: str, *, hint: Hint, budget: Budget, count: Callable[[str], int]) -> Digest | None:
    """The digest of a text, or None if it would not be shorter by enough or the text is a digest already."""
    if placeholder.parse(text) is not None:
        return None
    before = count(text)
    limit = budget.enough * before - OVERHEAD_TOKENS
    if limit < budget.least:
        return None
    document = read(text, hint, before)
    for rule in RULES:
        if (shorten := rule.read(document)) is not None:
            target = max(rule.least, budget.tokens(before))
            return _fit(document, rule.kind, shorten, target, limit, count) if target <= limit else None
    return None


def _fit(
    document: Document, kind: str, shorten: Shorten, target: int, limit: float, count: Callable[[str], int]
) -> Digest | None:
    """Give less until the digest is near the target; None if even the last attempt is over the limit."""
    given = float(target)
    for attempt in range(ATTEMPTS):
        body = shorten(int(given))
        text = "\n".join(part for part in (body.text, document.status) if part)
        omitted, told = _left_out(document, body)
        after = count(text) + count(told)
        if after <= NEAR * target or (attempt == ATTEMPTS - 1 and after <= limit):
            break
        given *= 0.95 * target / after
    if after > limit or not body.text:
        return None
    return Digest(kind, text, omitted, told, document.tokens, after)


def _left_out(document: Document, body: Body) -> tuple[tuple[Range, ...], str]:
    """The lines that are not shown, and all that is not shown, in words."""
    omitted, notes = body.omitted, body.notes
    if document.skipped:
        omitted = tuple(sorted((*omitted, document.skipped)))
        notes = (*notes, "lines {}-{} not looked at".format(*document.skipped))
    said = (body.how, *notes) if body.how else notes
    return omitted, placeholder.describe(omitted, said, complete=body.complete and not document.skipped)
