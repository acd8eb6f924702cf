"""The sessions that a request may continue, found by a message key instead of by comparing with all of them."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from addons.domain.keys import KEY_BYTES

PAIR_BYTES = 2 * KEY_BYTES
SAME_START = 64
"""Most sessions looked at for one key: a script may send the same prompt thousands of times."""


@dataclass(slots=True, kw_only=True)
class Live:
    """One session, as its latest request left it."""

    id: str
    name: str
    project: str = ""
    created_at_ms: int
    last_seen_ms: int
    keys: bytes = b""
    """Those of the latest request, joined: a prefix is then one comparison, and 500 messages are 8 KB."""
    summaries: tuple[bytes, ...] = ()
    known: int = 0
    """Of its messages, those that the request before it had."""
    sent_ms: int | None = None
    """When it was first sent, repeats aside; None after a restart."""
    pending: int = 0
    """Requests whose end has not been told."""
    answered: bool = True
    """The latest request got its answer; assumed after a restart."""
    answer: bytes = b""
    """The key that the latest answer will have in the next request; b"" where it was not told."""


@dataclass(slots=True)
class _Index:
    """Ids of sessions by some of their keys, the latest that was seen last."""

    ids: dict[bytes, list[str]] = field(default_factory=dict)

    def add(self, key: bytes, id_: str) -> None:
        if key:
            self.ids.setdefault(key, []).append(id_)

    def drop(self, key: bytes, id_: str) -> None:
        if key:
            self.ids[key].remove(id_)
            if not self.ids[key]:
                del self.ids[key]


class LiveSessions:
    """At most `capacity` of them; the one not seen for longest is forgotten first. For one thread only."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._sessions: OrderedDict[str, Live] = OrderedDict()
        """Seen latest last."""
        self._firsts = _Index()
        self._tails = _Index()
        """By the last two keys: where a history was cut at its front, its end is what is left of it."""
        self._summaries = _Index()

    def __len__(self) -> int:
        return len(self._sessions)

    def get(self, id_: str) -> Live | None:
        return self._sessions.get(id_)

    def add(self, live: Live) -> None:
        """Takes the place of one with the same id."""
        self.remove(live.id)
        self._sessions[live.id] = live
        self._index(live)
        while len(self._sessions) > self._capacity:
            self.remove(next(iter(self._sessions)))

    def remove(self, id_: str) -> None:
        if live := self._sessions.pop(id_, None):
            self._unindex(live)

    def advance(self, live: Live, keys: bytes) -> None:
        """The session has been seen with this history."""
        self._unindex(live)
        live.keys = keys
        self._index(live)
        self._sessions.move_to_end(live.id)

    def add_summary(self, live: Live, key: bytes) -> None:
        if key not in live.summaries:
            live.summaries += (key,)
            self._summaries.add(key, live.id)

    def starting_with(self, key: bytes) -> list[Live]:
        """The SAME_START of them seen latest."""
        return self._of(self._firsts, key)

    def ending_with(self, pair: bytes) -> list[Live]:
        return self._of(self._tails, pair)

    def summarised_by(self, keys: Iterable[bytes], accept: Callable[[Live], bool]) -> Live | None:
        """The acceptable session, seen latest, of those that one of the keys summarises."""
        found = [live for key in keys for live in self._of(self._summaries, key) if accept(live)]
        return max(found, key=lambda live: live.last_seen_ms, default=None)

    def latest(self, count: int) -> Iterator[Live]:
        return islice(reversed(self._sessions.values()), count)

    def _of(self, index: _Index, key: bytes) -> list[Live]:
        return [self._sessions[id_] for id_ in index.ids.get(key, ())[-SAME_START:]]

    def _index(self, live: Live) -> None:
        self._firsts.add(live.keys[:KEY_BYTES], live.id)
        self._tails.add(_tail(live.keys), live.id)
        for key in live.summaries:
            self._summaries.add(key, live.id)

    def _unindex(self, live: Live) -> None:
        self._firsts.drop(live.keys[:KEY_BYTES], live.id)
        self._tails.drop(_tail(live.keys), live.id)
        for key in live.summaries:
            self._summaries.drop(key, live.id)


def _tail(keys: bytes) -> bytes:
    return keys[-PAIR_BYTES:] if len(keys) >= PAIR_BYTES else b""
