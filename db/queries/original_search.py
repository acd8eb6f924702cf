"""Which originals hold some words. The texts are compressed, so each is opened; bounds keep that short."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, select

from addons.domain.errors import UserError
from addons.domain.masking.line_numbers import numbered_lines
from db import content
from db.queries.originals import INFO, OriginalInfo, needed
from db.tables import originals

log = logging.getLogger(__name__)

MOST_ORIGINALS = 2_000
MOST_BYTES = 64 * 1024 * 1024
"""Of opened text: about half a second."""
AT_ONCE = 20
"""Originals in one read."""
LINES_SHOWN = 5
EXCERPT_CHARS = 160
WORDS_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    """As its digest numbers it."""
    excerpt: str
    """At most EXCERPT_CHARS characters of the line, around the first word found."""


@dataclass(frozen=True, slots=True)
class Hit:
    original: OriginalInfo
    lines: tuple[Line, ...]
    """Those with the most of the words, at most LINES_SHOWN; none where only the tool or the path has them."""
    lines_found: int
    """All lines with a word, shown or not."""


@dataclass(frozen=True, slots=True)
class Search:
    hits: tuple[Hit, ...]
    """The newest original first."""
    scanned: int
    complete: bool
    """False: older originals, or hits beyond the limit, were not looked at."""


def search(engine: Engine, query: str, *, limit: int, session_id: str | None = None) -> Search:
    """The originals that hold every word of the query in any case: in the text, the tool's name or the path.

    :raises UserError: if the query has no word, or more than WORDS_LIMIT.
    """
    words = list(dict.fromkeys(query.casefold().split()))
    if not 1 <= len(words) <= WORDS_LIMIT:
        raise UserError(f"{query!r} has {len(words)} words; expected 1 to {WORDS_LIMIT}.")
    hits: list[Hit] = []
    scanned = opened_bytes = 0
    for info, text in _newest(engine, session_id):
        if len(hits) == limit or scanned == MOST_ORIGINALS or opened_bytes > MOST_BYTES:
            return Search(tuple(hits), scanned, complete=False)
        scanned += 1
        opened_bytes += info.size_bytes
        if hit := _hit(info, text, words):
            hits.append(hit)
    return Search(tuple(hits), scanned, complete=True)


def _newest(engine: Engine, session_id: str | None) -> Iterator[tuple[OriginalInfo, str]]:
    """A few at a time, each time a read of its own: a long read would keep SQLite's log from being emptied."""
    newest_first = (originals.c.created_at_ms.desc(), originals.c.tag)
    with engine.connect() as connection:
        tags = connection.execute(
            select(originals.c.tag).where(needed(session_id)).order_by(*newest_first).limit(MOST_ORIGINALS + 1)
        ).scalars()
        found = list(tags)
    for at in range(0, len(found), AT_ONCE):
        some = select(originals.c.packed, *INFO).where(originals.c.tag.in_(found[at : at + AT_ONCE]))
        with engine.connect() as connection:
            rows = connection.execute(some.order_by(*newest_first)).mappings().all()
        for row in map(dict, rows):
            packed = row.pop("packed")
            try:
                text = content.unpack(packed)
            except ValueError as error:  # one that is damaged hides none of the others
                log.warning("original %s: %s", row["tag"], error)
            else:
                yield OriginalInfo(**row), text


def _hit(info: OriginalInfo, text: str, words: list[str]) -> Hit | None:
    folded = text.casefold()
    about = f"{info.tool} {info.path}".casefold()
    if not all(word in folded or word in about for word in words):
        return None
    scores: dict[int, int] = {}
    for index, line in enumerate(folded.split("\n")):
        if score := sum(word in line for word in words):
            scores[index] = score
    best = sorted(scores, key=lambda index: (-scores[index], index))[:LINES_SHOWN]
    lines = numbered_lines(text)
    shown = tuple(Line(lines[index][0], _excerpt(lines[index][1], words)) for index in sorted(best))
    return Hit(info, shown, len(scores))


def _excerpt(line: str, words: list[str]) -> str:
    """Casefolding may shift a place by a few characters, which an excerpt does not mind."""
    if len(line) <= EXCERPT_CHARS:
        return line.strip()
    folded = line.casefold()
    first = min(place for word in words if (place := folded.find(word)) >= 0)
    start = max(0, min(first - EXCERPT_CHARS // 4, len(line) - EXCERPT_CHARS))
    end = start + EXCERPT_CHARS
    return f"{'…' if start else ''}{line[start:end].strip()}{'…' if end < len(line) else ''}"
