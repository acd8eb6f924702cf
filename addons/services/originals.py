"""What is shown of an original: all of it, some lines, or the lines that match, cut to a size and honest about it.

Lines go by the numbers that the digest shows. They are asked for as `40-80`, `200-`, `-20` or `7`; `12@4001-` begins at
character 4001 of line 12, which is how a single very long line is read in parts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from addons.domain.errors import UserError
from addons.domain.masking.line_numbers import numbered_lines
from addons.services import patterns
from db.queries.originals import OriginalInfo

CONTEXT_LINES = 2
LINE_LIMIT = 400
"""Characters shown of a line that matches; a longer one is cut around the match."""

_LINES = re.compile(r"(?:(\d{1,9})(?:@(\d{1,9}))?)?(-)?(\d{1,9})?")

Numbered = Sequence[tuple[int, str]]


class Lines(NamedTuple):
    """Which lines; both ends belong to them."""

    first: int = 0
    character: int = 1
    """Of the first line, from 1: where to begin in it."""
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    notes: tuple[str, ...] = ()
    """What was cut and how to go on; how the pattern was taken."""
    matches: int | None = None
    """Lines that match, shown or not; None where none was asked for."""


def describe(found: OriginalInfo) -> str:
    """In one line, for models and people."""
    about = [found.kind, f"result of {found.tool}" if found.tool else "", found.path]
    known = ", ".join(part for part in about if part)
    return f"{found.tag}: {known}, {found.lines} lines, {found.tokens} tokens"


def show(text: str, *, lines: str = "", pattern: str = "", context: int = CONTEXT_LINES, limit: int = 0) -> Shown:
    """At most about `limit` characters; 0: all of it.

    :raises UserError: if `lines` cannot be read or are not there, or the pattern cannot be used.
    """
    if not lines and not pattern and (not limit or len(text) <= limit):
        return Shown(text)
    wanted = parse_lines(lines)
    numbered = numbered_lines(text)
    chosen = [
        (number, line)
        for number, line in numbered
        if number >= wanted.first and (wanted.last is None or number <= wanted.last)
    ]
    if not chosen:
        numbers = [number for number, _ in numbered]
        raise UserError(f"There are no lines {lines!r}; the original has the lines {min(numbers)} to {max(numbers)}.")
    if pattern:
        return _matching(chosen, pattern, context, limit, wanted.last)
    return _cut(chosen, wanted, limit)


def parse_lines(text: str) -> Lines:
    """:raises UserError: if it is not of the forms above."""
    match = _LINES.fullmatch(text.replace(" ", ""))
    if match is None or (text.strip() and not (match[1] or match[4])) or (match[4] and not match[3]):
        raise UserError(f'lines is {text!r}; expected "40-80", "200-", "-20" or "7".')
    first, character = int(match[1] or 0), max(1, int(match[2] or 1))
    last = int(match[4]) if match[4] else first if match[1] and not match[3] else None
    if last is not None and last < first:
        raise UserError(f"lines is {text!r}; expected a last line that is not before the first.")
    return Lines(first, character, last)


def _cut(chosen: Numbered, wanted: Lines, limit: int) -> Shown:
    """As many whole lines as fit; of a first line that does not fit, its beginning."""
    first, rest = chosen[0], chosen[1:]
    skipped = wanted.character - 1 if first[0] == wanted.first else 0
    shown: list[str] = []
    left = limit or sum(len(line) + 1 for _, line in chosen)
    for number, line in ((first[0], first[1][skipped:]), *rest):
        if len(line) > left:
            place = str(number) if shown else f"{number}@{skipped + left + 1}"
            shown += [] if shown else [line[:left]]
            return Shown("\n".join(shown), (_go_on(chosen, place, wanted.last, limit),))
        shown.append(line)
        left -= len(line) + 1
    return Shown("\n".join(shown))


def _matching(chosen: Numbered, pattern: str, context: int, limit: int, last: int | None) -> Shown:
    """As grep prints it: `12:` before a line that matches, `11-` before one around it, `--` where lines are missing."""
    found = patterns.find(pattern, [line.rstrip("\r") for _, line in chosen])
    notes = [found.note] if found.note else []
    matches = {match.line: match for match in found.matches}
    near = {index for match in matches for index in range(match - context, match + context + 1)}
    shown: list[str] = []
    left, before = limit, None
    for index in sorted(near & set(range(len(chosen)))):
        number, line = chosen[index]
        row = _row(number, line, matches.get(index))
        gap: list[str] = ["--"] if before is not None and index > before + 1 else []
        left -= len(row) + 1
        if limit and left < 0 and shown:
            notes.append(_go_on(chosen, str(number), last, limit))
            break
        shown += [*gap, row]
        before = index
    if any(len(chosen[index][1]) > LINE_LIMIT for index in matches):
        notes.append("12@401 before a line: it is long, and is shown from its character 401 on")
    if not matches:
        notes.append("no line matches; (?i) at the beginning of a pattern ignores case")
    return Shown("\n".join(shown), tuple(notes), len(matches))


def _row(number: int, line: str, match: patterns.Match | None) -> str:
    if len(line) <= LINE_LIMIT:
        return f"{number}{'-' if match is None else ':'}{line}"
    if match is None:
        return f"{number}-{line[:LINE_LIMIT]}…"
    start = max(0, min(match.start - LINE_LIMIT // 4, len(line) - LINE_LIMIT))
    end = start + LINE_LIMIT
    place = f"@{start + 1}" if start else ""
    return f"{number}{place}:{line[start:end]}{'…' if end < len(line) else ''}"


def _go_on(chosen: Numbered, place: str, last: int | None, limit: int) -> str:
    numbers = [number for number, _ in chosen]
    if numbers != sorted(numbers):  # a view of several files: a number does not say how far one has read
        return f"cut to {limit:,} characters; ask for fewer lines"
    return f'cut to {limit:,} characters; go on with lines "{place}-{"" if last is None else last}"'
