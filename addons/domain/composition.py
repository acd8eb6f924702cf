"""What the tokens of a request are, as it is forwarded: what fills the window, and what could be done about it."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from addons.domain.filling import Filling
from addons.domain.messages import Role
from addons.domain.reading import Reading
from addons.domain.shares import ASSISTANT, FILES, MEMORY, PARTS, PROMPT, SUMMARY, TOOL_RESULTS, TOOLS, USER, Share
from addons.domain.tokens import REPLY_PRIMER_TOKENS

OVERVIEW = ("system", "tools", "memory", "history", "new", "prompt")
"""The coarse division, by when it was sent; `prompt` is a legacy prompt's text, which has none of the others."""
LARGEST = 5
SYSTEM_INDEX = -1
"""Of Gemini's systemInstruction, which is not among the messages."""
STALE_AFTER = 2
"""A result is stale once the assistant has spoken so often after it: it has been used."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was taken out of the request on its way."""

    masked: Mapping[int, int] = field(default_factory=dict)
    """Index of the message -> tokens saved."""
    covered: range = range(0)
    """Messages that a summary stands for."""
    compressed_tokens: int = 0
    """Their tokens less the summary's."""


NOTHING = Rewritten()


@dataclass(frozen=True, slots=True)
class Large:
    """One of the largest messages."""

    index: int
    role: str
    tool: str
    """Whose result it is, "" where it is none's."""
    tokens: int
    """As forwarded."""
    what: str
    """The largest of its shares: one of PARTS."""
    advice: str
    """What was, or could be, done about it."""
    key: str = ""
    """Of the message, in hex: what decisions about it are found by; "" for a system message."""


MASKED, STALE, IN_USE, WORDS, STAYS = "masked", "stale: could be masked", "in use", "the person's words", "stays"
"""What was, or could be, done about a message. What stays: system messages, answers, calls."""


@dataclass(frozen=True, slots=True)
class Composition:
    """Estimated tokens as forwarded; the overview and the parts each sum to the total."""

    overview: dict[str, int]
    """By OVERVIEW."""
    parts: dict[str, int]
    """By PARTS; what is 0 is left out."""
    tools: dict[str, int]
    """Text of tool results by tool, "" where nothing says whose it is; the largest first."""
    largest: tuple[Large, ...]

    @property
    def memory_tokens(self) -> int:
        return self.overview["memory"]

    @property
    def memory_ratio(self) -> float | None:
        """0..1 of all that is forwarded; None where nothing is."""
        total = sum(self.overview.values())
        return self.memory_tokens / total if total else None


def composition(reading: Reading, known: int, filling: Filling, rewritten: Rewritten = NOTHING) -> Composition:
    """`known` is that of the `Match`: how many messages at the beginning, system messages aside, were in the session's
    previous request. `filling` is that of the reading's messages. The reply primer counts as new, and as the
    assistant's.
    """
    sums = _Sums(reading, filling, rewritten)
    total = reading.total_tokens - sum(rewritten.masked.values()) - rewritten.compressed_tokens
    system = filling.system_tokens
    if reading.system:
        system += reading.system.tokens - reading.system.memory_tokens
    fixed = {"system": system, "tools": reading.tools_tokens, "memory": sums.parts.get(MEMORY, 0)}
    room = total - sum(fixed.values()) - reading.prompt_text_tokens
    new = max(0, min(room, _new(reading, known, filling, rewritten)))
    return Composition(
        overview=fixed | {"history": room - new, "new": new, "prompt": reading.prompt_text_tokens},
        parts={part: tokens for part in PARTS if (tokens := sums.parts.get(part))},
        tools={tool: sums.tools[tool] for tool in sorted(sums.tools, key=lambda tool: -sums.tools[tool])},
        largest=_largest(reading, filling, rewritten),
    )


class _Sums:
    """The filling's sums, less what was taken out, and with what stands beside the messages."""

    def __init__(self, reading: Reading, filling: Filling, rewritten: Rewritten) -> None:
        self.parts, self.tools = dict(filling.parts), dict(filling.tools)
        for share in reading.system.shares if reading.system else ():
            self._add(share.part, share.tokens)
        self._add(TOOLS, reading.tools_tokens)
        self._add(PROMPT, reading.prompt_text_tokens)
        self._add(ASSISTANT, REPLY_PRIMER_TOKENS if reading.messages else 0)
        covered = [reading.messages[index] for index in rewritten.covered]
        self._add(SUMMARY, sum(facts.tokens for facts in covered) - rewritten.compressed_tokens)
        for index in rewritten.covered:
            self._take(filling.shares[index], reading.messages[index].tokens)
        for index, saved in rewritten.masked.items():
            self._take(filling.shares[index], saved)

    def _add(self, part: str, tokens: int) -> None:
        self.parts[part] = self.parts.get(part, 0) + tokens

    def _take(self, shares: tuple[Share, ...], tokens: int) -> None:
        """Takes so many tokens of a message out, first of what a digest can take the place of."""
        for share in sorted(shares, key=_taken_last):
            taken = min(tokens, share.tokens)
            tokens -= taken
            self._add(share.part, -taken)
            if share.part == TOOL_RESULTS and share.key:
                self.tools[share.tool] -= taken
        if tokens > 0:  # counted in pieces it was more than the whole: so that the sum holds, off the largest part
            self._add(max(self.parts, key=lambda part: self.parts[part]), -tokens)


_MASKABLE = (TOOL_RESULTS, FILES, MEMORY)


def _taken_last(share: Share) -> tuple[int, bool]:
    """Of a result, its text goes before what the chat template puts around it."""
    rank = _MASKABLE.index(share.part) if share.part in _MASKABLE else len(_MASKABLE)
    return rank, not share.key


def _new(reading: Reading, known: int, filling: Filling, rewritten: Rewritten) -> int:
    """Tokens of what follows the known messages, memory aside."""
    tokens = REPLY_PRIMER_TOKENS if reading.messages else 0
    left = filling.others - known
    for index in range(len(reading.messages) - 1, -1, -1):
        if left <= 0:
            break
        facts = reading.messages[index]
        if facts.key and index not in rewritten.covered:
            memory = sum(share.tokens for share in filling.shares[index] if share.part == MEMORY)
            tokens += max(0, facts.tokens - memory - rewritten.masked.get(index, 0))
        left -= bool(facts.key)
    return tokens


def _largest(reading: Reading, filling: Filling, rewritten: Rewritten) -> tuple[Large, ...]:
    messages, covered = reading.messages, rewritten.covered
    sizes = [facts.tokens for facts in messages]
    for index, saved in rewritten.masked.items():
        sizes[index] -= saved
    for index in covered:
        sizes[index] = 0
    used = used_before(messages)
    found = []
    for index in heapq.nlargest(LARGEST, range(len(sizes)), key=sizes.__getitem__):
        share, role = max(filling.shares[index], key=_tokens, default=_NO_SHARE), messages[index].role
        done = advice(role, share.part, is_masked=index in rewritten.masked, is_stale=index < used)
        key = messages[index].key.hex()
        found.append(Large(index, str(role), share.tool, sizes[index], share.part, done, key))
    if reading.system:
        share = max(reading.system.shares, key=_tokens, default=_NO_SHARE)
        found.append(Large(SYSTEM_INDEX, str(Role.SYSTEM), "", reading.system.tokens, share.part, STAYS))
    found.sort(key=lambda large: -large.tokens)
    return tuple(large for large in found if large.tokens > 0)[:LARGEST]


class Spoken(Protocol):
    """A message, as far as who wrote it."""

    @property
    def role(self) -> Role | None: ...


def used_before(messages: Sequence[Spoken]) -> int:
    """The index before which a result has been used: the model has answered twice since."""
    left = STALE_AFTER
    for index in range(len(messages) - 1, -1, -1):
        left -= messages[index].role is Role.ASSISTANT
        if not left:
            return index
    return 0


_NO_SHARE = Share(ASSISTANT, 0)


def _tokens(share: Share) -> int:
    return share.tokens


def advice(role: Role, part: str, *, is_masked: bool, is_stale: bool) -> str:
    """`part`: the largest of its shares."""
    if is_masked:
        return MASKED
    if part == USER:
        return WORDS
    if role in (Role.USER, Role.TOOL) and part in _MASKABLE:
        return STALE if is_stale else IN_USE
    return STAYS
