"""Which messages of a request one summary may stand for.

An *exchange* is an answer of the model with what led to it and what came of it: the user messages before it, the
message itself, the results of its tool calls. So an agent at work makes one exchange a step. All system messages and
the latest exchanges stay. A cut lies only where an exchange begins, so that a call is never parted from its results,
and nothing that a provider wants side by side comes apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from addons.domain.facts import MessageFacts
from addons.domain.messages import Role
from addons.domain.settings import Compression

HEADROOM = 0.15
"""Of the context window, below the threshold: a compression that leaves less is followed by the next one at once, and
each costs the prefix cache. Fewer exchanges than asked for are then kept."""


@dataclass(frozen=True, slots=True)
class Cover:
    """`messages[first:stop]` of a request have one summary in their place."""

    first: int
    stop: int
    kept: int
    """Exchanges that stay."""

    @property
    def messages(self) -> range:
        return range(self.first, self.stop)


def exchange_starts(messages: Sequence[MessageFacts]) -> list[int]:
    """The indices at which an exchange begins, in order. Linear in the messages."""
    starts = []
    belongs = False  # a result stands between here and the next answer: what asked for it is further to the front
    for index in range(len(messages) - 1, -1, -1):
        facts = messages[index]
        if facts.has_tool_result:
            belongs = True
        elif facts.role is Role.ASSISTANT:
            if not _is_question(messages, index - 1):
                starts.append(index)
            belongs = False
        elif facts.role is Role.USER and not belongs and not _is_question(messages, index - 1):
            starts.append(index)
    return starts[::-1]


def _is_question(messages: Sequence[MessageFacts], index: int) -> bool:
    """A user message that is no tool's output: the next message belongs to the same exchange."""
    return index >= 0 and messages[index].role is Role.USER and not messages[index].has_tool_result


def cover(messages: Sequence[MessageFacts], keep: int) -> Cover | None:
    """All that may go if the latest `keep` exchanges stay, at least one; None if nothing may.

    The run begins after the last system message before the cut: one in the middle of a conversation stays where it
    stands, and so does what precedes it.
    """
    starts = exchange_starts(messages)
    keep = max(1, keep)
    if len(starts) <= keep:
        return None
    stop = starts[-keep]
    first = stop
    while first > 0 and messages[first - 1].role is not Role.SYSTEM:
        first -= 1
    while first < stop and messages[first].has_tool_result:  # its call stands before that system message
        first += 1
    return Cover(first, stop, keep) if first < stop else None


def choose_cover(
    messages: Sequence[MessageFacts],
    tokens: Sequence[int],
    settings: Compression,
    room: float,
    covered: range = range(0),
    *,
    is_needed: bool = False,
) -> Cover | None:
    """The cover that a full context asks for: `keep_exchanges` stay, or as many fewer as the room demands.

    `tokens`: of each message as it would be forwarded. `room`: tokens that must go beyond what the summary takes, 0
    where anything is welcome. `covered`: what a summary stands for already. `is_needed`: the request would not fit
    otherwise, so that few messages are worth a summary too.
    """
    best = None
    for keep in range(settings.keep_exchanges, 0, -1):
        found = cover(messages, keep)
        if found is None or not goes_on(found, covered):
            continue
        saved = gain(found, tokens, settings)
        if saved < settings.least_tokens or not (is_needed or len(found.messages) >= settings.least_messages):
            continue
        best = found
        if saved >= room:
            break
    return best


def goes_on(found: Cover, covered: range) -> bool:
    """It covers more than what is covered already, from the same message on."""
    return not covered or (found.first == covered.start and found.stop > covered.stop)


def gain(found: Cover, tokens: Sequence[int], settings: Compression) -> int:
    """Tokens saved if the summary is as long as it may be."""
    return sum(tokens[found.first : found.stop]) - settings.summary_tokens
