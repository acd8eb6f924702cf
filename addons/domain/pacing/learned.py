"""What a provider has told about its limits, and what follows from it for the next request.

Where the provider says how much is left, that goes before what is counted here: other programs may use the same
account. It is believed until its reset, less what was sent since.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from addons.domain.pacing.cost import Cost
from addons.domain.pacing.limit import LimitKind, Told

FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 2_000, 60_000
"""After a refusal that does not say how long to wait (NVIDIA's): doubled with each one that follows."""

FRESH_MS = 60_000
"""How long what was left is believed once it has been reset."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a request must not go out yet."""

    until_ms: int
    kind: LimitKind | None
    """None: the provider refused one, without saying why."""


@dataclass(slots=True)
class _Seen:
    told: Told
    at_ms: int
    spent: int = 0
    """Sent since."""


class Learned:
    """Of one account at one provider, or of one model there."""

    def __init__(self) -> None:
        self.limits: dict[LimitKind, int] = {}
        """By kind, where the provider named it."""
        self.version = 0
        """Grows when `limits` changes."""
        self._seen: dict[LimitKind, _Seen] = {}
        self._pause: Hold | None = None
        self._refusals = 0

    def hear(self, told: Iterable[Told], now_ms: int) -> None:
        """Headers of an answer."""
        for each in told:
            limit = each.limit or self.limits.get(each.kind)
            if each.limit and each.limit != self.limits.get(each.kind):
                self.limits[each.kind] = each.limit
                self.version += 1
            if each.remaining is not None:
                self._seen[each.kind] = _Seen(replace(each, limit=limit), now_ms)

    def refused(self, told: Iterable[Told], wait_ms: int | None, now_ms: int) -> int:
        """The provider refused for its limits; how long nothing is sent now, in milliseconds."""
        told = tuple(told)
        self.hear(told, now_ms)
        if wait_ms is None:
            wait_ms = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2**self._refusals)
            self._refusals = min(self._refusals + 1, 10)
        until_ms = now_ms + wait_ms
        if self._pause is None or until_ms > self._pause.until_ms:
            self._pause = Hold(until_ms, told[0].kind if told else None)
        return wait_ms

    def answered(self) -> None:
        """The provider took one."""
        self._refusals = 0

    def spend(self, cost: Cost) -> None:
        for kind, seen in self._seen.items():
            seen.spent += cost.of(kind)

    def hold(self, cost: Cost, now_ms: int) -> Hold | None:
        """Until when a request of this cost must wait; None: it may go, for all that is known."""
        holds = [hold for kind in list(self._seen) if (hold := self._hold_of(kind, cost, now_ms))]
        if self._pause and self._pause.until_ms > now_ms:
            holds.append(self._pause)
        return max(holds, key=lambda hold: hold.until_ms, default=None)

    def knows(self, kind: LimitKind, now_ms: int) -> bool:
        """Whether the provider itself said lately how much is left: it may count less than we do (Groq leaves out what
        was in its prefix cache), or more.
        """
        seen = self._seen.get(kind)
        return seen is not None and seen.told.reset_at_ms is not None and now_ms - seen.at_ms <= FRESH_MS

    def _hold_of(self, kind: LimitKind, cost: Cost, now_ms: int) -> Hold | None:
        seen = self._seen[kind]
        told, reset_at_ms = seen.told, seen.told.reset_at_ms
        assert told.remaining is not None
        if reset_at_ms is None:
            return None
        # What is larger than the whole limit can only be tried when all of it is free.
        wanted = min(cost.of(kind), told.limit or cost.of(kind)) + seen.spent
        if reset_at_ms <= now_ms:
            if told.limit is None or now_ms - seen.at_ms > FRESH_MS:
                del self._seen[kind]
                return None
            return Hold(seen.at_ms + FRESH_MS, kind) if wanted > told.limit else None
        lacking = wanted - told.remaining
        if lacking <= 0:
            return None
        if told.refills and told.limit and told.limit > told.remaining:
            share = min(1.0, lacking / (told.limit - told.remaining))
            until_ms = seen.at_ms + int(share * (reset_at_ms - seen.at_ms)) + 1
            return Hold(until_ms, kind) if until_ms > now_ms else None
        return Hold(reset_at_ms, kind)
