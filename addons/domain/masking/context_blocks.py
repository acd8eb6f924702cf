"""The blocks that Continue and cn put before a user's own words: files, terminal, diff, tree, search, tagged text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from addons.domain.masking.document import Hint


class Origin(StrEnum):
    """Where a piece comes from."""

    TOOL_RESULT = "tool result"
    FILE = "file"
    """@file, @open, @folder, @codebase, the open file, highlighted code, cn's attached files."""
    DIFF = "diff"
    TERMINAL = "terminal"
    TREE = "tree"
    SEARCH = "search"
    TAGGED = "tagged"
    """After @file, @codebase, @tool, @console or @output on a line of its own."""
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Block:
    start: int
    end: int
    hint: Hint
    origin: Origin


RESERVE_CHARS, RESERVE_LINES = 1500, 25
"""What is left alone at the end of a text whose block has no end of its own: the user's words stand there."""
GAP_CHARS = 400
"""Most that may stand between two fenced blocks: the message of a @problems item, a sentence of @codebase."""
LARGE_JSON_CHARS = 8000
"""From here on pasted JSON counts as data and not as words: about twice the predecessor's threshold of 1000 tokens."""

_LEAD = re.compile(
    r"\s*(?:This is the currently open file:|The following file is currently open\. [^\n]{0,120}:)?\s*", re.ASCII
)
_FENCE = re.compile(r"(`{3,})([^\n`]{0,400})\n")
_CONTEXT = re.compile(r'<context name="([^"\n]{1,400})">\n')
_OPEN_ENDED = (
    (re.compile(r"Current terminal contents:\n\n"), Origin.TERMINAL),
    (re.compile(r"Here is a file tree of the current workspace:\n\n"), Origin.TREE),
    (re.compile(r'Results of searching codebase for "[^\n]{0,400}":\n\n'), Origin.SEARCH),
    (re.compile(r"@(?:file|codebase|tool|console|output)\b[^\n]{0,400}\n"), Origin.TAGGED),
)
_NEXT = re.compile(
    r"\n(?:(?=`{3,}[^\n`]{0,400}\n)|(?=<context name=)|(?=Current terminal contents:\n)"
    r"|(?=Here is a file tree of the current workspace:\n)|(?=Results of searching codebase for \")"
    r"|(?=@(?:file|codebase|tool|console|output)\b))"
)
_CODEBASE_SENTENCE = re.compile(r"\s*Use the above code to answer the following question\.")
_RANGE = re.compile(r" \(\d+-\d+\)$")


def blocks(text: str) -> Iterator[Block]:
    """From the beginning of the text to the first words that belong to no block."""
    at = 0
    while at < len(text):
        found = _block_at(text, at) or (at > 0 and _block_at(text, _over_gap(text, at))) or None
        if found is None:
            if at == 0:
                yield from _whole_json(text)
            return
        block, at = found
        yield block
        if _CODEBASE_SENTENCE.match(text, at):
            return


def _block_at(text: str, at: int) -> tuple[Block, int] | None:
    """The block that begins here, after its introduction, and where it ends."""
    lead = _LEAD.match(text, at)
    start = lead.end() if lead else at
    return _fenced(text, start) or _attached(text, start) or _open_ended(text, start)


def _fenced(text: str, at: int) -> tuple[Block, int] | None:
    """A fence whose info string names a path, a diff, or holds large JSON."""
    fence = _FENCE.match(text, at)
    if not fence:
        return None
    info = fence[2].strip()
    close = text.find("\n" + fence[1], fence.end() - 1)
    if close < 0:
        return None
    after = close + 1 + len(fence[1])
    start, end = fence.end(), max(close, fence.end())
    if info in ("git diff", "diff"):
        return Block(start, end, Hint(language="diff"), Origin.DIFF), after
    if info.lower() == "json" and end - start >= LARGE_JSON_CHARS:
        return Block(start, end, Hint(language="json"), Origin.JSON), after
    path = _RANGE.sub("", info).rpartition(" ")[2]
    if "/" in path or "." in path[1:] or path[:1].isupper():  # Makefile, LICENSE: languages are written small
        return Block(start, end, Hint(path=path), Origin.FILE), after
    return None


def _attached(text: str, at: int) -> tuple[Block, int] | None:
    """cn's attached file."""
    opened = _CONTEXT.match(text, at)
    if not opened:
        return None
    close = text.find("\n</context>", opened.end() - 1)
    if close < 0:
        return None
    return Block(opened.end(), max(close, opened.end()), Hint(path=opened[1]), Origin.FILE), close + len("\n</context>")


def _open_ended(text: str, at: int) -> tuple[Block, int] | None:
    """A block without an end: up to the next block, else up to what is left alone for the user's words."""
    for pattern, origin in _OPEN_ENDED:
        if opened := pattern.match(text, at):
            following = _NEXT.search(text, opened.end())
            if following:
                return Block(opened.end(), following.start(), Hint(), origin), following.end()
            end = _reserved(text)
            return (Block(opened.end(), end, Hint(), origin), len(text)) if end > opened.end() else None
    return None


def _reserved(text: str) -> int:
    """Where the last lines begin that are left alone."""
    at = len(text)
    for _ in range(RESERVE_LINES):
        at = text.rfind("\n", 0, at)
        if at < 0:
            return 0
    return text.rfind("\n", 0, max(0, min(at, len(text) - RESERVE_CHARS)) + 1) + 1


def _over_gap(text: str, at: int) -> int:
    """Past a short text that another fenced block follows."""
    following = _NEXT.search(text, at, min(len(text), at + GAP_CHARS + 400))
    return following.end() if following and following.start() - at <= GAP_CHARS else at


def _whole_json(text: str) -> Iterator[Block]:
    """A text that is nothing but a large JSON document."""
    stripped = text.strip()
    if len(stripped) >= LARGE_JSON_CHARS and stripped[0] in "{[" and stripped[-1] in "}]":
        start = text.index(stripped[0])
        yield Block(start, start + len(stripped), Hint(language="json"), Origin.JSON)
