"""Search results (grep, ripgrep, ag, an IDE's search): hits below their files, equal ones joined; all of them where they fit.

What does not fit is chosen by rarity: the hit whose like is nowhere else stays, the hundredth `timeout=timeout` goes, with
its count.
"""

import re
from collections import Counter
from dataclasses import dataclass

from addons.domain.masking.document import Document, clip
from addons.domain.masking.entries import Entry, Layout, choose_entries, write
from addons.domain.masking.salience import scores, template
from addons.domain.masking.selection import Body

HIT = re.compile(r"((?:[A-Za-z]:[\\/])?[^\s:][^:\n]{0,250}?)[:\-](\d{1,7})[:\-](?:\d{1,5}:)?(.*)$")
"""`path:line:text`, `path:line:column:text`, and `path-line-text` of a context line."""
PLAIN_HIT = re.compile(r"([\w.@+-]{0,100}(?:[\\/][\w.@+ -]{1,100}){1,20}|[\w@+-]{1,80}\.\w{1,8}):(?!//)(.*)$")
"""`path:text`, as `grep -r` without -n writes it."""
SHARE = 0.6
"""Of the lines that must be hits."""


@dataclass(frozen=True, slots=True)
class _Hit:
    index: int
    path: str
    line: str
    text: str


def applies(document: Document) -> bool:
    filled = sum(1 for line in document.lines if line)
    return filled >= 5 and len(_hits(document)) >= SHARE * filled


def render(document: Document, budget: int) -> Body:
    hits = _hits(document)
    score = scores([hit.text for hit in hits], severity=0.5)
    joined: dict[tuple[str, str], list[int]] = {}
    for at, hit in enumerate(hits):
        joined.setdefault((hit.path, hit.text), []).append(at)
    entries = [
        Entry(
            path,
            f" {','.join(hits[at].line for at in members)}: {clip(text)}" if hits[members[0]].line else f" {clip(text)}",
            max(score[at] for at in members),
            tuple(hits[at].index + 1 for at in members),
        )
        for (path, text), members in joined.items()
    ]
    entries += _others(document, {hit.index for hit in hits})
    kept = choose_entries(entries, document.tokens_per_char, budget)
    files = len({hit.path for hit in hits})
    notes = (f"{len(hits)} hits in {files} files", *_common([entry for at, entry in enumerate(entries) if at not in kept]))
    return write(entries, kept, Layout(unit="hits"), notes=notes, how="below each file: line numbers: text")


def _hits(document: Document) -> list[_Hit]:
    found: list[_Hit] = []
    for index, line in enumerate(document.raw_lines):
        head = line[:600]
        if match := HIT.match(head):
            found.append(_Hit(index, match[1], match[2], line[match.start(3) :].strip()))
        elif match := PLAIN_HIT.match(head):
            found.append(_Hit(index, match[1], "", line[match.start(2) :].strip()))
    return found


def _others(document: Document, hit: set[int]) -> list[Entry]:
    """Lines that are no hits: a tool's own remarks ("Binary file matches", "truncated to the first 100")."""
    return [
        Entry("", clip(line), 3.0, (index + 1,))
        for index, line in enumerate(document.raw_lines)
        if index not in hit and line.strip() not in ("", "--")
    ]


def _common(left_out: list[Entry]) -> tuple[str, ...]:
    """The commonest texts among what is not shown: most of what a large search finds is the same line again."""
    texts = Counter({})
    for entry in left_out:
        texts[template(entry.text.partition(": ")[2] or entry.text)[:80]] += len(entry.lines)
    most = [f"{text} ×{count}" for text, count in texts.most_common(4) if count >= 5]
    return (f"most frequent among those left out: {'; '.join(most)}",) if most else ()
