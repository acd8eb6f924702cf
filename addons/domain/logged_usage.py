"""What the IDE's log says that a call used, and which of the calls that passed through the proxy it was.

Nothing on either side names the other. A call has ended when the IDE writes its line; the model is the one it asked
for; and the sizes cannot differ much, although the IDE counts with another tokenizer (by factors up to 1.3, fitted to
the model's name) and leaves the tools out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WITHIN_MS = 5_000
"""Between the call's end here and the IDE's line. Both clocks are this machine's; the stream's last bytes take their
time, and so does an IDE that draws the answer first."""
SIZES_APART = 4.0
"""How many times larger one estimate of a prompt may be than the other."""
FEW_TOKENS = 500
"""Below this, prompts are all of one size: what a template adds weighs more than what tells them apart."""
_PER_DOUBLING = 2_000.0
"""Milliseconds of distance that weigh as much as a prompt twice as large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedUsage:
    """One call, as the IDE's log has it."""

    at_ms: int
    """When the IDE wrote it: after the call's end."""
    model: str
    provider: str = ""
    """Key in providers.toml, if only one has the model; else empty."""
    prompt_tokens: int | None
    """Estimate of the IDE, without tools."""
    completion_tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One recorded completion that has no logged usage yet."""

    id: int
    ended_at_ms: float
    models: tuple[str, ...]
    """As forwarded and, if routed, as asked for."""
    prompt_tokens: int | None
    """Estimate as received; None where the request was not read."""
    tools_tokens: int = 0
    """The part of it that the IDE does not count."""


def matches(logged: Sequence[LoggedUsage], calls: Sequence[Call]) -> dict[int, Call]:
    """Index in `logged` -> its call. The pair that fits best goes first, and nothing is in two pairs."""
    pairs = [
        (distance, index, at)
        for index, usage in enumerate(logged)
        for at, call in enumerate(calls)
        if (distance := _distance(usage, call)) is not None
    ]
    found: dict[int, Call] = {}
    taken: set[int] = set()
    for _, index, at in sorted(pairs):
        if index not in found and at not in taken:
            found[index] = calls[at]
            taken.add(at)
    return found


def _distance(usage: LoggedUsage, call: Call) -> float | None:
    """In milliseconds, sizes converted; None where they cannot be the same call."""
    apart_ms = abs(usage.at_ms - call.ended_at_ms)
    if apart_ms > WITHIN_MS or _name(usage.model) not in map(_name, call.models):
        return None
    if usage.prompt_tokens is None or call.prompt_tokens is None:
        return apart_ms + _PER_DOUBLING
    sizes = {call.prompt_tokens, max(call.prompt_tokens - call.tools_tokens, 0)}
    ratio = min(_ratio(usage.prompt_tokens, size) for size in sizes)
    return None if ratio > SIZES_APART else apart_ms + _PER_DOUBLING * math.log2(ratio)


def _ratio(one: int, other: int) -> float:
    small, large = sorted((max(one, FEW_TOKENS), max(other, FEW_TOKENS)))
    return large / small


def _name(model: str) -> str:
    """Without what one side says and the other does not."""
    return model.removeprefix("models/").casefold()
