"""Which pieces of a message may be masked, and where they lie in its texts.

Tool results as a whole; in a user's message only what Continue puts before the user's own words, recognised by the
markers of its constructMessages.ts and of cn. Where a block has no end of its own, its last lines are left alone,
because the user's words may be among them. System messages, assistant messages, calls, reasoning and images have no
such pieces.

Everything here is one walk over the text: a marker is looked for at a given place, and its end from there on.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from addons.domain.masking.context_blocks import Origin, blocks
from addons.domain.masking.document import Hint
from addons.domain.messages import Message, Part, PartType, Role

READ_PREFIX = re.compile(r"Content of ([^\n]{1,400}):\n")
"""Before a file that cn's Read returns; stays, so that lines are numbered as in the file."""
SYSTEM_TOOL = re.compile(r"Tool output for ([^\n]{1,120}?) tool call:\n\n")
"""Before each result in Continue's system-message tools; several are joined directly."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`message.parts[part].text[start:end]` may be replaced."""

    part: int
    start: int
    end: int
    hint: Hint
    origin: Origin


def eligible_parts(message: Message, calls: Mapping[str, Hint] | None = None) -> tuple[Piece, ...]:
    """In the order of the text; never overlapping, never empty.

    `calls`: what the calls before said (see `hint_of_call`), by call id.
    """
    if message.role not in (Role.USER, Role.TOOL):
        return ()
    pieces: list[Piece] = []
    for index, part in enumerate(message.parts):
        if part.type is PartType.TOOL_RESULT:
            pieces += _result(index, part, calls or {})
        elif part.type is PartType.TEXT:
            pieces += _user_text(index, part.text)
    return tuple(piece for piece in pieces if piece.end > piece.start)


def _result(index: int, part: Part, calls: Mapping[str, Hint]) -> Iterator[Piece]:
    hint = calls.get(part.call_id) or Hint(tool=part.name)
    start = 0
    if prefix := READ_PREFIX.match(part.text):
        hint, start = replace(hint, path=prefix[1]), prefix.end()
    yield Piece(index, start, len(part.text), hint, Origin.TOOL_RESULT)


def _user_text(index: int, text: str) -> Iterator[Piece]:
    if SYSTEM_TOOL.match(text):
        marks = list(SYSTEM_TOOL.finditer(text))
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        for mark, end in zip(marks, ends, strict=True):
            yield Piece(index, mark.end(), end, Hint(tool=mark[1]), Origin.TOOL_RESULT)
        return
    for block in blocks(text):
        yield Piece(index, block.start, block.end, block.hint, block.origin)


def replace_pieces(text: str, replacements: Mapping[tuple[int, int], str]) -> str:
    """The text with each (start, end) replaced; nothing else changes."""
    parts: list[str] = []
    at = 0
    for (start, end), new in sorted(replacements.items()):
        parts += (text[at:start], new)
        at = end
    return "".join((*parts, text[at:]))
