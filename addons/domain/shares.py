"""What the tokens of one message are: rules, memory, files, a tool's result, somebody's words.

The shares of a message always sum to its tokens. Text cut in pieces counts a little differently than in one, so of the
pieces of a text the largest group is not counted but gets what the others leave; that also keeps a message's first
reading as cheap as it can be.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from addons.domain.keys import SUMMARY_MARK
from addons.domain.masking.context_blocks import blocks
from addons.domain.masking.eligible import SYSTEM_TOOL
from addons.domain.memory import Segment, segments_of, text_key
from addons.domain.messages import Message, Part, PartType, Role

Count = Callable[[str], int]

SYSTEM, RULES, TOOLS, MEMORY, FILES = "system", "rules", "tools", "memory", "files"
TOOL_RESULTS, USER, ASSISTANT, REASONING, IMAGES = "tool_results", "user", "assistant", "reasoning", "images"
SUMMARY, PROMPT = "summary", "prompt"
PARTS = (SYSTEM, RULES, TOOLS, MEMORY, FILES, TOOL_RESULTS, USER, ASSISTANT, REASONING, IMAGES, SUMMARY, PROMPT)
"""In the order in which they are shown. `files` is all context that the client put before the user's words; `assistant`
includes its tool calls; `summary` stands for older messages; `prompt` is a legacy prompt's text."""

OF_ROLE = {Role.SYSTEM: SYSTEM, Role.USER: USER, Role.ASSISTANT: ASSISTANT, Role.TOOL: TOOL_RESULTS}

_USER_RULES = re.compile(r'<context name="userRules">.*?</context>', re.DOTALL)
"""Of cn."""
_TEXT_TOOLS = re.compile(r"<tool_use_instructions>.*?</tool_use_instructions>", re.DOTALL)
"""Of Continue's system-message tools."""
_MODE_END = "</important_rules>"
"""Ends what Continue's IDEs say of the mode; the person's rules follow."""


class Share(NamedTuple):
    """Tokens of a message that are one thing."""

    part: str
    """One of PARTS."""
    tokens: int
    tool: str = ""
    """Of a result: whose it is, where the message itself says so."""
    call_id: str = ""
    """Of a result: the call before it, which says so elsewhere."""
    at: int = 0
    """Of a result: in which part of the message."""
    key: bytes = b""
    """Of a result: hash of its text."""

    @property
    def is_within_result(self) -> bool:
        """Memory that its markers show in a tool's result."""
        return self.part == MEMORY and not self.key and bool(self.tool or self.call_id)


class Shared(NamedTuple):
    shares: tuple[Share, ...]
    segments: tuple[Segment, ...]
    """All memory that its markers show; of a tool's result it may be the whole that is memory, too."""


Piece = tuple[int, int, str]
"""Start, end, and what it is."""


def shares_of(message: Message, counts: Iterable[int], envelope: int, count: Count) -> Shared:
    """`counts`: the tokens of each part; `envelope`: what the chat template puts around them."""
    shares = [Share(OF_ROLE[message.role], envelope)]
    segments: list[Segment] = []
    for index, (part, tokens) in enumerate(zip(message.parts, counts, strict=True)):
        if part.type not in (PartType.TEXT, PartType.TOOL_RESULT):
            shares.append(Share(_kind(message.role, part), tokens))
            continue
        if not part.text:
            continue
        found = segments_of(part.text, index, count)
        segments += found
        if part.type is PartType.TOOL_RESULT:
            shares += _result(part, index, tokens, found)
        else:
            shares += _text(message.role, part.text, index, tokens, found, count)
    return Shared(_summed(shares), tuple(segments))


def _kind(role: Role, part: Part) -> str:
    if part.type is PartType.REASONING:
        return REASONING
    if part.type is PartType.IMAGE:
        return IMAGES
    # A system message of Kimi's may bring tools; an answer of Gemini's, code.
    return TOOLS if part.type is PartType.OTHER and role is Role.SYSTEM else OF_ROLE[role]


def _result(part: Part, index: int, tokens: int, segments: list[Segment]) -> Iterator[Share]:
    memory = min(tokens, sum(segment.tokens for segment in segments))
    yield Share(MEMORY, memory, part.name, part.call_id, index)
    yield Share(TOOL_RESULTS, tokens - memory, part.name, part.call_id, index, text_key(part.text))


def _text(role: Role, text: str, index: int, tokens: int, segments: list[Segment], count: Count) -> Iterator[Share]:
    memory = min(tokens, sum(segment.tokens for segment in segments))
    yield Share(MEMORY, memory)
    if role in (Role.USER, Role.TOOL) and SYSTEM_TOOL.match(text):
        yield from _outputs(text, index, tokens - memory, segments, count)
        return
    pieces = _system_pieces(text) if role is Role.SYSTEM else _user_pieces(text) if role is not Role.ASSISTANT else []
    usual = USER if role is Role.TOOL else OF_ROLE[role]  # Gemini: the person's words behind a result
    if not pieces:
        yield Share(usual, tokens - memory)
        return
    for part, own in divided(text, tokens - memory, pieces, usual, segments, count).items():
        yield Share(part, own)


def _outputs(text: str, index: int, tokens: int, segments: list[Segment], count: Count) -> Iterator[Share]:
    """Of Continue's system-message tools, whose results stand one after the other in a user's message."""
    marks = list(SYSTEM_TOOL.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    names = [f"{at} {mark[1]}" for at, mark in enumerate(marks)]
    pieces = [(mark.start(), end, name) for mark, end, name in zip(marks, ends, names, strict=True)]
    found = divided(text, tokens, pieces, names[-1], segments, count)
    for (start, end, name), mark in zip(pieces, marks, strict=True):
        yield Share(TOOL_RESULTS, found.get(name, 0), mark[1], "", index, text_key(text[start:end]))


def _user_pieces(text: str) -> list[Piece]:
    return [(block.start, block.end, FILES) for block in blocks(text)]


def _system_pieces(text: str) -> list[Piece]:
    at = text.rfind(SUMMARY_MARK)
    end = at if at >= 0 else len(text)
    found = [(mark.start(), mark.end(), RULES) for mark in _USER_RULES.finditer(text, 0, end)]
    found += [(mark.start(), mark.end(), TOOLS) for mark in _TEXT_TOOLS.finditer(text, 0, end)]
    pieces, after = [], text.find(_MODE_END, 0, end)
    after = end if after < 0 else after + len(_MODE_END)
    for start, stop, part in sorted(found):
        if text[after:start].strip():
            pieces.append((after, start, RULES))
        pieces.append((start, stop, part))
        after = max(after, stop)
    if text[after:end].strip():
        pieces.append((after, end, RULES))
    return [*pieces, (at, len(text), SUMMARY)] if at >= 0 else pieces


def divided(
    text: str, tokens: int, pieces: list[Piece], usual: str, segments: list[Segment], count: Count
) -> dict[str, int]:
    """The tokens by what the pieces are, `usual` between them; segments are left out, and not in `tokens`."""
    texts: dict[str, list[str]] = {usual: []}
    for start, end, part in _without(segments, _filled(pieces, len(text), usual)):
        texts.setdefault(part, []).append(text[start:end])
    largest = max(texts, key=lambda part: sum(map(len, texts[part])))
    found, left = {}, tokens
    for part, parts in texts.items():
        if part != largest:
            found[part] = min(left, count("".join(parts)))
            left -= found[part]
    found[largest] = left
    return found


def _filled(pieces: list[Piece], end: int, usual: str) -> Iterator[Piece]:
    """With what lies between them."""
    at = 0
    for start, stop, part in pieces:
        if at < start:
            yield at, start, usual
        yield start, stop, part
        at = stop
    if at < end:
        yield at, end, usual


def _without(segments: list[Segment], pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Both in order: each is looked at once."""
    at = 0
    for start, end, part in pieces:
        while at < len(segments) and segments[at].start < end:
            segment = segments[at]
            if segment.start > start:
                yield start, segment.start, part
            start = max(start, segment.end)
            if segment.end > end:
                break
            at += 1
        if start < end:
            yield start, end, part


def _summed(shares: list[Share]) -> tuple[Share, ...]:
    """One share for each part; results stay apart, and nothing of nothing is left out."""
    found: dict[object, Share] = {}
    for share in shares:
        if share.tokens:
            is_result = bool(share.key or share.tool or share.call_id)
            key: object = (share.part, share.at, len(found)) if is_result else share.part
            before = found.get(key)
            found[key] = share._replace(tokens=share.tokens + before.tokens) if before else share
    return tuple(found.values())
