"""Text -> digest: a shorter text in its place that a model can work with, by the rule for its kind of content.

A pure function of the text and the settings: no clock, no counter, no chance. A digest is never longer than its original,
and a text that is already a digest is left alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from addons.domain.masking import placeholder
from addons.domain.masking.document import Document, Hint, Range, read
from addons.domain.masking.rules import RULES, Rule

OVERHEAD_TOKENS = 70
"""What the placeholder's line takes besides, measured with cl100k_base on typical ones."""
ATTEMPTS = 4
"""Rules estimate what lines cost; where the whole turns out too long, they are given less."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a digest may be."""

    share: float = 0.12
    """Of the original's tokens."""
    least: int = 250
    """Tokens; a share of a short text would be too little to tell anything."""
    most: int = 3000
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
    """Of `text`."""


def digest(text: str, *, hint: Hint, budget: Budget, count: Callable[[str], int]) -> Digest | None:
    """The digest of a text, or None if it would not be shorter by enough or the text is a digest already."""
    if placeholder.parse(text) is not None:
        return None
    before = count(text)
    limit = budget.enough * before - OVERHEAD_TOKENS
    if limit < budget.least:
        return None
    document = read(text, hint, before)
    rule = next((rule for rule in RULES if rule.applies(document)), None)
    if rule is None:
        return None
    target = max(rule.least, budget.tokens(before))
    return _shorten(document, rule, target, limit, count) if target <= limit else None


def _shorten(document: Document, rule: Rule, target: int, limit: float, count: Callable[[str], int]) -> Digest | None:
    """Give the rule less until its digest is near the target; None if even the last attempt is over the limit."""
    given = float(target)
    for attempt in range(ATTEMPTS):
        body = rule.render(document, int(given))
        text = "\n".join(part for part in (body.text, document.status) if part)
        after = count(text)
        if after <= 1.1 * target or (attempt == ATTEMPTS - 1 and after <= limit):
            break
        given *= 0.95 * target / after
    if after > limit or not body.text:
        return None
    told = placeholder.describe(body.omitted, (body.how, *body.notes) if body.how else body.notes)
    return Digest(rule.kind, text, body.omitted, told, document.tokens, after)
