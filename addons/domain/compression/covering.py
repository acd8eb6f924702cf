"""Where a summary that a session has stands in the request at hand.

The client sends its whole history again, so the messages are found by their keys: all of those that were summarised, or
the last of them where Continue has dropped its oldest messages. The same summary then has the same bytes in the same
place. Where an older message was edited the keys differ, and the summary stands for nothing any more.
"""

from collections.abc import Iterator, Sequence

from addons.domain.facts import MessageFacts
from addons.domain.keys import KEY_BYTES
from addons.domain.messages import Role

NOTHING = range(0)


def covered(messages: Sequence[MessageFacts], keys: bytes) -> range:
    """The indices of the messages that the summary of `keys` (joined) stands for; empty where it does not fit.

    Something must follow them, and it must not be the result of a call among them.
    """
    for run in _runs(messages):
        there = b"".join(facts.key for facts in messages[run.start : run.stop])
        stop = run.start + _matched(there, keys) // KEY_BYTES
        if run.start < stop < len(messages) and not messages[stop].has_tool_result:
            return range(run.start, stop)
    return NOTHING


def is_edited(messages: Sequence[MessageFacts], keys: bytes) -> bool:
    """The request begins as the summarised messages do and then differs: they are no longer what was summarised."""
    there = b"".join(facts.key for facts in messages if facts.key)
    return bool(there) and there[:KEY_BYTES] == keys[:KEY_BYTES] and not covered(messages, keys)


def _runs(messages: Sequence[MessageFacts]) -> Iterator[range]:
    """The stretches of messages between system messages."""
    start = 0
    for index, facts in enumerate(messages):
        if facts.role is Role.SYSTEM:
            if start < index:
                yield range(start, index)
            start = index + 1
    if start < len(messages):
        yield range(start, len(messages))


def _matched(there: bytes, keys: bytes) -> int:
    """How many bytes of the beginning of `there` are all of `keys`, or their end."""
    if not keys or not there:
        return 0
    if there.startswith(keys):
        return len(keys)
    first, at = there[:KEY_BYTES], 0
    while (at := keys.find(first, at + 1)) > 0:
        if at % KEY_BYTES == 0 and there.startswith(keys[at:]):
            return len(keys) - at
    return 0
