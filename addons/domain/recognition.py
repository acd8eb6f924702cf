"""The rules by which a request finds the session it continues.

The keys of the client's own messages are compared (`keys`); the first of these rules that finds a session decides.

1. *Summary.* The system message ends with a summary that answered a compaction request of a session, or the first
   message is or holds one: that session. Continue's IDE resends it in every later request, its CLI keeps it in the
   history.
2. *Prefix.* The session that shares most leading messages. If its whole history is shared, the request goes on from it
   (PREFIX); if both are the same, it is a REPEAT; if the request ends or differs earlier, the person changed or sent
   again an older message (EDITED), and the rest of the session's history is given up. Between equals, the one whose
   latest answer is the next message, then the one seen latest. A request with nothing beyond what a session already had
   may also be that conversation played again from its start: if a session seen later holds a shorter beginning of it
   and nothing else, and has been answered, the request continues that one. While the request of the session that has it
   all is still under way, that other one need not have been seen later: nobody asks again what is not answered yet, so
   the same conversation is being held twice.
3. *Opening only.* Where nothing but the user messages before the first answer is shared, two conversations may just
   begin alike ("hi"). Then the session must have been seen within the idle gap, and
   - the request must go on from the session's whole history: what differs after the opening is another conversation;
   - the same opening alone is a REPEAT if the client says so (an SDK's retry count), or if the session's request has
     ended without an answer. While one is under way, and once it was answered, it is a new conversation: the same
     prompt given twice to `cn -p`, a second "hi". (The price: a conversation's first message sent again by hand, after
     it was answered, starts a session.)
4. *Pruned.* At least two consecutive messages are shared, up to the session's end, and from the start of the request or
   of the session: Continue dropped the oldest messages, or shows again what it had dropped. More of it beats rule 3.
   If that finds nothing, the request's first two messages are looked for inside the histories seen latest.
5. Else it is a new session.

Sessions of different projects never match. A client's compaction request is matched by what it summarises, without its
instruction, and always goes on with the session that begins alike. Two sessions under way at once do not mix, as each
request goes on from its own session's whole history. Where they are the same down to the ids of their tool calls,
nothing tells them apart once the first of two equal requests is answered: the second is then a repeat in that session.
What is forwarded is the same either way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from addons.domain.keys import KEY_BYTES
from addons.domain.live_sessions import PAIR_BYTES, Live, LiveSessions

SEARCHED_SESSIONS = 64
"""How many of the sessions seen latest are searched for a request that no index finds."""


class How(StrEnum):
    """By which rule a request found its session."""

    NEW = "new"
    PREFIX = "prefix"
    PRUNED = "pruned"
    EDITED = "edited"
    SUMMARY = "summary"
    REPEAT = "repeat"
    """The same messages again, by the client's retry or the person's: no new turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a request is recognised by. Lengths of keys are in bytes throughout this module."""

    keys: bytes
    opening: int
    summary_keys: tuple[bytes, ...]
    project: str
    at_ms: int
    is_retry: bool
    is_compaction: bool

    def accepts(self, live: Live) -> bool:
        """The projects do not differ; one that is not named may be any."""
        return not self.project or not live.project or live.project == self.project


class Found(NamedTuple):
    live: Live
    how: How
    known: int
    """How much of the request, from its start, the session's previous request had."""


def recognise(sessions: LiveSessions, wanted: Wanted, idle_gap_ms: int) -> Found | None:
    """The session that the request continues; None for a new one."""
    if not wanted.keys:
        return None
    if live := sessions.summarised_by(wanted.summary_keys, wanted.accepts):
        return _by_summary(live, wanted)
    candidates = _candidates(sessions, wanted, idle_gap_ms)
    if again := _played_again(candidates, wanted):
        return again
    prefix = _closest(candidates, wanted)
    if prefix and (prefix.known > wanted.opening or prefix.known == len(wanted.keys)):
        return prefix
    pruned = _by_tail(sessions, wanted)
    if prefix and (pruned is None or pruned.known <= prefix.known):
        return prefix
    return pruned or _by_search(sessions, wanted)


def shared_length(one: bytes, other: bytes) -> int:
    """How many bytes of keys two histories share at their start."""
    low, high = 0, min(len(one), len(other)) // KEY_BYTES
    if one[: high * KEY_BYTES] == other[: high * KEY_BYTES]:
        return high * KEY_BYTES
    while low + 1 < high:
        middle = (low + high) // 2
        if one[: middle * KEY_BYTES] == other[: middle * KEY_BYTES]:
            low = middle
        else:
            high = middle
    return low * KEY_BYTES


def _by_summary(live: Live, wanted: Wanted) -> Found:
    if shared := shared_length(live.keys, wanted.keys):
        return Found(live, _how(live, wanted, shared), shared)
    # The IDE keeps the messages after the one up to which it summarised.
    at = _find(live.keys, wanted.keys[:KEY_BYTES])
    return Found(live, How.SUMMARY, shared_length(live.keys[at:], wanted.keys) if at >= 0 else 0)


def _candidates(sessions: LiveSessions, wanted: Wanted, idle_gap_ms: int) -> list[tuple[Live, int]]:
    """The sessions that begin as the request does, with how much they share of it."""
    found = []
    for live in filter(wanted.accepts, sessions.starting_with(wanted.keys[:KEY_BYTES])):
        shared = shared_length(live.keys, wanted.keys)
        if shared > wanted.opening or _opening_continues(live, shared, wanted, idle_gap_ms):
            found.append((live, shared))
    return found


def _closest(candidates: Iterable[tuple[Live, int]], wanted: Wanted) -> Found | None:
    def closeness(candidate: tuple[Live, int]) -> tuple[int, bool, int]:
        live, shared = candidate
        expects = not live.answered if shared == len(wanted.keys) else _expects(live, wanted) and bool(live.answer)
        return shared, expects, live.last_seen_ms

    live, shared = max(candidates, key=closeness, default=(None, 0))
    return Found(live, _how(live, wanted, shared), shared) if live else None


def _played_again(candidates: Sequence[tuple[Live, int]], wanted: Wanted) -> Found | None:
    """Of a request that a session has whole: the other one that it may be of, by the end of rule 2."""
    whole = _closest(candidates, wanted)
    if whole is None or whole.known < len(wanted.keys) or wanted.is_retry:
        return None
    others = [
        (live, shared)
        for live, shared in candidates
        if _may_be_another(live, whole.live) and shared == len(live.keys) and _expects(live, wanted)
    ]
    return _closest(others, wanted)


def _opening_continues(live: Live, shared: int, wanted: Wanted, idle_gap_ms: int) -> bool:
    """Rule 3, for a session of which only opening user messages are shared."""
    if wanted.at_ms - live.last_seen_ms > idle_gap_ms:
        return False
    if wanted.is_compaction:
        return True
    if shared < len(live.keys):
        return False
    return shared < len(wanted.keys) or wanted.is_retry or not (live.answered or live.pending)


def _may_be_another(live: Live, whole: Live) -> bool:
    if whole.answered:
        return live.last_seen_ms > whole.last_seen_ms
    return bool(whole.pending and live.answer)


def _expects(live: Live, wanted: Wanted) -> bool:
    """The session was answered, and the request goes on with that answer, so far as it is known."""
    return live.answered and wanted.keys.startswith(live.answer, len(live.keys))


def _how(live: Live, wanted: Wanted, shared: int) -> How:
    if wanted.is_compaction:
        return How.PREFIX
    if shared < len(live.keys):
        return How.EDITED
    return How.REPEAT if shared == len(wanted.keys) else How.PREFIX


def _by_tail(sessions: LiveSessions, wanted: Wanted) -> Found | None:
    """The latest place in the request where a session's last two messages stand, if what precedes them fits too."""
    for end in range(len(wanted.keys), max(PAIR_BYTES - 1, wanted.opening), -KEY_BYTES):
        for live in filter(wanted.accepts, sessions.ending_with(wanted.keys[end - PAIR_BYTES : end])):
            history = wanted.keys[:end]
            if live.keys.endswith(history) or history.endswith(live.keys):
                return Found(live, How.PREFIX if live.keys == history else How.PRUNED, end)
    return None


def _by_search(sessions: LiveSessions, wanted: Wanted) -> Found | None:
    """The session seen latest that has the request's first two messages, of which one is an answer, inside."""
    pair = wanted.keys[:PAIR_BYTES]
    if len(pair) < PAIR_BYTES or wanted.opening >= PAIR_BYTES:
        return None
    for live in filter(wanted.accepts, sessions.latest(SEARCHED_SESSIONS)):
        at = _find(live.keys, pair)
        if at >= 0:
            return Found(live, How.PRUNED, shared_length(live.keys[at:], wanted.keys))
    return None


def _find(keys: bytes, part: bytes) -> int:
    """Where the keys in `part` stand; -1 if they do not."""
    at = keys.find(part)
    while at >= 0 and at % KEY_BYTES:
        at = keys.find(part, at + 1)
    return at
