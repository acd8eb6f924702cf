"""Text that MCP memory servers put into the prompt, found by its markers: where it lies, and how much it is.

The forms are the predecessor's. What a memory server's tool returned is memory too, but only the calls before it say
whose result it is: see `memory_servers` and `filling`. A segment includes its markers, since they fill the window as
well; an opening marker that nothing closes begins no segment.

Every search goes on where the one before ended, so the work is proportional to the text, whatever is in it.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

MIN_TOKENS = 20
"""A shorter segment is ignored: a reference, a title, an empty frame."""
MOST_SEGMENTS = 100
"""Of one message that are remembered one by one, the largest; all of them count."""
KEY_BYTES = 16


class Segment(NamedTuple):
    """`message.parts[part].text[start:end]` came from a memory server."""

    type: str
    """The form of its marker: one of TYPES."""
    server: str
    """As its marker, or the tool's name, says; "" where nothing does."""
    part: int
    start: int
    end: int
    tokens: int
    key: bytes
    """Hash of its text: by it a segment that is sent again is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorySeen:
    """That one request of a session held these segments, each once; the store counts how often each comes again."""

    session_id: str
    at_ms: int
    segments: tuple[Segment, ...]


class Span(NamedTuple):
    type: str
    server: str
    start: int
    end: int


TAGS = ("mcp-memory", "mcp-result", "mcp-tool")
BLOCK, REFERENCE, PHRASE, TOOL_RESULT = "[MEMORY]", "@memory", "phrase", "tool result"
TYPES = (*TAGS, BLOCK, REFERENCE, PHRASE, TOOL_RESULT)

_TAG = re.compile(r"<(/?)(mcp-(?:memory|result|tool))(?=[\s/>])([^<>]*)>|\[(/?)memory\]", re.IGNORECASE)
"""An attribute's value holds no angle bracket, so that no two attempts look at the same text."""
_SERVER = re.compile(r"""\b(?:server|name|source)\s{0,8}=\s{0,8}["']?([^"'\s<>]{1,100})""", re.IGNORECASE)
_BRACKET = re.compile(r"@memory\[|[\[\]]", re.IGNORECASE)

PHRASES = (
    "contexte précédent",
    "mémoire de la session",
    "memory from previous",
    "context from previous",
    "session memory",
)
_HINTS = (b"<mcp-", b"memory", b"context from previous", b"contexte pr", b"moire de la session")
"""Without one of them there is no memory in a text, and most have none. As bytes, which are lowered and searched in a
tenth of the time that a text with a single foreign character takes."""
_PHRASE = re.compile("|".join(PHRASES), re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t\r]*\n\s*")
_MARKUP = " \t#*_->[(\"'"
"""What may stand before a phrase on its line, as of a heading or a list."""
MARKUP_CHARS, COLON_CHARS = 40, 80
"""How far before a phrase its line may begin, and how far behind it the colon may be that makes it an announcement."""


def segments_of(text: str, part: int, count: Callable[[str], int]) -> list[Segment]:
    """In the order of the text, not overlapping, each of at least MIN_TOKENS tokens."""
    found = []
    for type_, server, start, end in spans_of(text):
        inner = text[start:end]
        if len(inner) * 4 >= MIN_TOKENS and (tokens := count(inner)) >= MIN_TOKENS:
            found.append(Segment(type_, server, part, start, end, tokens, text_key(inner)))
    return found


def text_key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


def spans_of(text: str) -> list[Span]:
    """Where memory lies, in order; what overlaps or is nested is one span, of the type of its longest."""
    raw = text.encode("utf-8", "surrogatepass").lower()
    if not any(hint in raw for hint in _HINTS):
        return []
    lowered = text.lower()
    found: list[Span] = []
    if "<mcp-" in lowered or "[memory]" in lowered:
        found += _tagged(text)
    if "@memory[" in lowered:
        found += _references(text)
    if any(phrase in lowered for phrase in PHRASES):
        found += _announced(text)
    return list(_merged(sorted(found, key=lambda span: (span.start, -span.end))))


def _merged(spans: list[Span]) -> Iterator[Span]:
    held: list[Span] = []
    end = 0
    for span in spans:
        if held and span.start >= end:
            yield _union(held, end)
            held = []
        held.append(span)
        end = max(end, span.end) if len(held) > 1 else span.end
    if held:
        yield _union(held, end)


def _union(spans: list[Span], end: int) -> Span:
    longest = max(spans, key=lambda span: span.end - span.start)
    server = longest.server or next((span.server for span in spans if span.server), "")
    return Span(longest.type, server, spans[0].start, end)


def _tagged(text: str) -> Iterator[Span]:
    """From each opening marker to the closing one of its kind, nested ones inside it."""
    opened: dict[str, list[tuple[int, str]]] = {}
    for mark in _TAG.finditer(text):
        name = (mark[2] or BLOCK).lower() if mark[2] else BLOCK
        attributes = mark[3] or ""
        stack = opened.setdefault(name, [])
        if mark[1] or mark[4]:
            if stack:
                start, server = stack.pop()
                yield Span(name, server, start, mark.end())
        elif not attributes.endswith("/"):
            found = _SERVER.search(attributes)
            stack.append((mark.start(), found[1] if found else ""))


def _references(text: str) -> Iterator[Span]:
    """`@memory[…]`, up to the bracket that closes it; brackets within it count."""
    first = _BRACKET.search(text)
    while first and first[0] in "[]":
        first = _BRACKET.search(text, first.end())
    opened: list[int | None] = []
    for mark in _BRACKET.finditer(text, first.start() if first else len(text)):
        if mark[0] != "]":
            opened.append(mark.start() if len(mark[0]) > 1 else None)
        elif opened and (start := opened.pop()) is not None:
            yield Span(REFERENCE, "", start, mark.end())


def _announced(text: str) -> Iterator[Span]:
    """A paragraph that begins with one of the phrases; where that is its heading, the next one too."""
    at = 0
    while found := _PHRASE.search(text, at):
        at = found.end()
        if not (_begins_line(text, found.start()) or _announces(text, found.end())):
            continue
        blank = _BLANK.search(text, at)
        if blank and "\n" not in text[at : blank.start()]:
            blank = _BLANK.search(text, blank.end())
        at = blank.start() if blank else len(text)
        yield Span(PHRASE, "", found.start(), at)


def _begins_line(text: str, at: int) -> bool:
    first = max(0, at - MARKUP_CHARS)
    line = text.rfind("\n", first, at) + 1
    return (line > 0 or first == 0) and not text[max(line, first) : at].strip(_MARKUP)


def _announces(text: str, at: int) -> bool:
    return ":" in text[at : at + COLON_CHARS].partition("\n")[0]
