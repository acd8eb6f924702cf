"""Search results (grep, ripgrep, ag, an IDE's search): hits below their files, equal ones joined; all where they fit.

What does not fit is chosen by rarity: the hit whose like is nowhere else stays, the hundredth `timeout=timeout` goes,
with its count.
"""

import re
from collections import Counter
from dataclasses import dataclass

from addons.domain.masking.document import Document, clip
from addons.domain.masking.entries import Entry, Layout, choose_entries, write
from addons.domain.masking.salience import scores
from addons.domain.masking.selection import Body, Shorten

HIT = re.compile(
    r"(?!\[?\d{4}[-/]\d\d[-/]\d\d)((?:[A-Za-z]:[\\/])?(?=[^:]{0,250}[A-Za-z/\\])[^\s:]{1,250}?)[:\-](\d{1,7})[:\-](?:\d{1,5}:)?(.*)$"
)
"""`path:line:text`, `path:line:column:text`, `path-line-text` of a context line; not a log's `2026-11-22T08:15`."""
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


def read(document: Document) -> Shorten | None:
    filled = sum(1 for line in document.lines if line)
    hits = _hits(document) if filled >= 5 else []
    if not hits or len(hits) < SHARE * filled:
        return None
    entries = [*_entries(document, hits), *_others(document, {hit.index for hit in hits})]
    total = f"{len(hits)} hits in {len({hit.path for hit in hits})} files"

    def shorten(budget: int) -> Body:
        kept = choose_entries(entries, document.tokens_per_char, budget)
        notes = (total, *_common(entries, kept))
        return write(entries, kept, Layout(unit="hits"), notes=notes, how="below each file: line numbers: text")

    return shorten


def _entries(document: Document, hits: list[_Hit]) -> list[Entry]:
    """One for each text of each file, with all its line numbers."""
    score = scores([hit.text for hit in hits], severity=0.5)
    joined: dict[tuple[str, str], list[int]] = {}
    for at, hit in enumerate(hits):
        joined.setdefault((hit.path, hit.text), []).append(at)
    entries = []
    for (path, text), members in joined.items():
        numbers = ",".join(hits[at].line for at in members if hits[at].line)
        shown = f" {numbers}: {clip(text)}" if numbers else f" {clip(text)}"
        lines = tuple(document.position(hits[at].index) for at in members)
        entries.append(Entry(path, shown, max(score[at] for at in members), lines))
    return entries


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
        Entry("", clip(line), 3.0, (document.position(index),))
        for index, line in enumerate(document.raw_lines)
        if index not in hit and line.strip() not in ("", "--")
    ]


def _common(entries: list[Entry], kept: set[int]) -> tuple[str, ...]:
    """The commonest texts among what is not shown: most of what a large search finds is the same line again."""
    texts: Counter[str] = Counter()
    for index, entry in enumerate(entries):
        if index not in kept:
            texts[(entry.text.partition(": ")[2] or entry.text)[:80]] += len(entry.lines)
    most = [f"{text} ×{count}" for text, count in texts.most_common(3) if count >= 5]
    return (f"most frequent among those left out: {'; '.join(most)}",) if most else ()
