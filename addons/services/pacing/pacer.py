"""The pacer: lets requests out as fast as the provider's limits allow, in fair order, and says how long it took.

Waiting is asynchronous and in slices, so that one who has hung up leaves its place at once. Without its counters (a
Redis that does not answer) everything passes: a limit that is exceeded is the provider's to refuse.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from addons.domain.pacing.cost import Cost
from addons.domain.pacing.lane import Demand, Lane, model_of_lane
from addons.domain.pacing.limit import TOKENS, LimitKind, Told
from addons.domain.pacing.turns import Ticket
from addons.domain.pacing.windows import window
from addons.domain.settings import Pacing
from addons.services.pacing.clock import steady_s
from addons.services.pacing.counters import Bucket, Counters, Level, Taking, Unavailable
from addons.services.pacing.passes import Full, Gone, Observer, Pass, Refused

SLICE_S = 0.2
"""Between two looks at whether the client is still there."""
LEAST_S = 0.005
UNKNOWN_S = 0.05
"""Until the next try where nobody can say when there is room: another proxy holds it."""
RETRY_STORAGE_S = 10.0
"""After the storage did not answer, everything passes for so long."""
MOST_LANES = 2_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a lane's requests are counted in."""

    buckets: list[Bucket]
    slots: list[tuple[str, int]]
    """Key, and how many may be under way at the same time."""


class Pacer:
    def __init__(
        self, counters: Counters, observer: Observer | None = None, clock_s: Callable[[], float] = steady_s
    ) -> None:
        self._counters = counters
        self._observer = observer or Observer()
        self._clock_s = clock_s
        self._lanes: dict[tuple[str, str, str], Lane] = {}
        self._rules: WeakKeyDictionary[Lane, tuple[tuple[object, ...], Rules]] = WeakKeyDictionary()
        self._events: dict[Ticket, asyncio.Event] = {}
        self._passes_until_s = 0.0
        self._has_failed = False

    async def admit(
        self, demand: Demand, settings: Pacing, *, patience_s: float, is_there: Callable[[], bool]
    ) -> Pass | Refused | None:
        """Returns when the request may go, or as soon as it is clear that it would wait longer than `patience_s`.

        None: the limits are not known now, it may go.

        :raises Gone: if `is_there` says so meanwhile.
        """
        if self._clock_s() < self._passes_until_s:
            return None
        try:
            lane = self._lane(await self._counters.account(demand.credential), demand)
            return await self._in_turn(lane, demand, settings, patience_s, is_there)
        except Unavailable as error:
            self._passes_until_s = self._clock_s() + RETRY_STORAGE_S
            if not self._has_failed:
                self._has_failed = True
                self._observer.storage_failed(str(error))
            return None

    async def ended(self, granted: Pass, tokens: int | None) -> None:
        """The answer has ended, however; `tokens` as counted in the end, None where nobody knows."""
        if tokens is not None:
            granted.lane.corrections.add(tokens - granted.cost.tokens, granted.at_s)
        try:
            for key, lease in granted.slots:
                await self._counters.leave(key, lease)
        except Unavailable:
            self._passes_until_s = self._clock_s() + RETRY_STORAGE_S
        if granted.slots:
            self._wake(granted.lane)

    def heard(self, granted: Pass, told: Iterable[Told]) -> None:
        """The head of an answer that is none of a refusal."""
        granted.lane.learned.answered()
        granted.lane.learned.hear(told, self._now_ms())

    def refused(self, granted: Pass, told: Iterable[Told], wait_ms: int | None) -> int:
        """The provider refused for its limits; for how long nothing is sent, in milliseconds."""
        return granted.lane.learned.refused(told, wait_ms, self._now_ms())

    def waiting(self) -> list[tuple[Lane, Ticket]]:
        """Who waits now; from any thread."""
        return [(lane, ticket) for lane in list(self._lanes.values()) for ticket in lane.turns.all()]

    async def close(self) -> None:
        try:
            await self._counters.close()
        except Unavailable:
            return  # its leases end by themselves

    def _lane(self, account: str, demand: Demand) -> Lane:
        key = (account, demand.provider_key, model_of_lane(demand))
        lane = self._lanes.get(key)
        if lane is None:
            if len(self._lanes) >= MOST_LANES:
                self._lanes = {known: lane for known, lane in self._lanes.items() if len(lane.turns)}
            lane = self._lanes[key] = Lane(*key)
        return lane

    async def _in_turn(
        self, lane: Lane, demand: Demand, settings: Pacing, patience_s: float, is_there: Callable[[], bool]
    ) -> Pass | Refused:
        began_s = self._clock_s()
        ticket = Ticket(demand.session, demand.cost, since_ms=round(began_s * 1000))
        event = self._events[ticket] = asyncio.Event()
        lane.turns.join(ticket)
        reason = None
        served = False
        try:
            while True:
                found = await self._attempt(lane, ticket, self._rules_of(lane, demand, settings))
                if isinstance(found, Pass):
                    served = True
                    return found
                now_s = self._clock_s()
                reason = found if found.kind or reason is None else reason
                if not patience_s or max(found.until_s, now_s) > began_s + patience_s:
                    return Refused(reason)
                ticket.until_ms = round(found.until_s * 1000)
                # Those behind are woken when their turn comes.
                pause_s = max(LEAST_S, found.until_s - now_s) if lane.turns.head() is ticket else SLICE_S
                await _set_or_timeout(event, min(SLICE_S, pause_s))
                if not is_there():
                    raise Gone
        finally:
            del self._events[ticket]
            lane.turns.leave(ticket, served=served)
            self._wake(lane)

    def _rules_of(self, lane: Lane, demand: Demand, settings: Pacing) -> Rules:
        """Made anew only when what it depends on has changed."""
        basis = (demand.provider, demand.model, settings, lane.learned.version)
        known = self._rules.get(lane)
        if known and all(one is other for one, other in zip(known[0], basis, strict=True)):
            return known[1]
        rules = _rules(lane, demand, settings, self._counters.most_portions)
        self._rules[lane] = (basis, rules)
        return rules

    def _known(self, lane: Lane, rules: Rules, now_ms: int) -> frozenset[LimitKind]:
        """The limits of tokens that are kept to by what the provider says is left, not by what is counted here.

        Not where several proxies share them: what the others send is not in what one of them is told.
        """
        if self._counters.is_shared:
            return frozenset()
        kinds = (bucket.window.kind for bucket in rules.buckets)
        return frozenset(kind for kind in kinds if kind in TOKENS and lane.learned.knows(kind, now_ms))

    def _wake(self, lane: Lane) -> None:
        if head := lane.turns.head():
            self._events[head].set()

    async def _attempt(self, lane: Lane, ticket: Ticket, rules: Rules) -> Pass | Full:
        now_s = self._clock_s()
        if hold := lane.learned.hold(ticket.cost, round(now_s * 1000)):
            limit = lane.learned.limits.get(hold.kind) if hold.kind else None
            return Full(hold.until_ms / 1000, hold.kind, limit)
        known = self._known(lane, rules, round(now_s * 1000))
        if lane.turns.head() is not ticket:
            return await self._behind(
                lane, ticket, [each for each in rules.buckets if each.window.kind not in known], now_s
            )
        cost = Cost(lane.corrections.apply(ticket.cost.tokens, now_s))
        wanted = [(bucket, bucket.window.portions_of(cost.of(bucket.window.kind))) for bucket in rules.buckets]
        slots = await self._enter(rules)
        if isinstance(slots, Full):
            return slots
        taking = await self._take(wanted, slots, known)
        if taking.full:
            return _full(taking.full, self._clock_s())
        lane.learned.spend(ticket.cost)
        lane.corrections.applied(ticket.cost.tokens, now_s)
        self._observer.took(lane, zip(taking.levels, (portions for _, portions in wanted), strict=True))
        if self._has_failed:
            self._has_failed = False
            self._observer.storage_answers()
        return Pass(lane, ticket.cost, now_s, slots)

    async def _take(
        self, wanted: list[tuple[Bucket, int]], slots: list[tuple[str, str]], known: frozenset[LimitKind]
    ) -> Taking:
        """Gives the places among the requests under way back where the windows have no room."""
        taking = None
        try:
            taking = await self._counters.take(wanted, known)
            return taking
        finally:
            if taking is None or taking.full:
                for key, lease in slots:
                    await self._counters.leave(key, lease)

    async def _enter(self, rules: Rules) -> list[tuple[str, str]] | Full:
        held: list[tuple[str, str]] = []
        for key, limit in rules.slots:
            lease = secrets.token_hex(8)
            if not await self._counters.enter(key, lease, limit):
                for taken_key, taken_lease in held:
                    await self._counters.leave(taken_key, taken_lease)
                return Full(self._clock_s() + UNKNOWN_S, LimitKind.CONCURRENCY, limit)
            held.append((key, lease))
        return held

    async def _behind(self, lane: Lane, ticket: Ticket, buckets: list[Bucket], now_s: float) -> Full:
        """When its turn can come at the earliest: those before it alone may need several windows."""
        requests, tokens = lane.turns.ahead_of(ticket)
        earliest = Full(now_s, None, None)
        if ticket.until_ms:
            return earliest  # looked at when it came; who hangs up before it only makes it quicker
        for level in await self._counters.levels(buckets):
            counted = level.bucket.window
            ahead = tokens // counted.portion if counted.kind in TOKENS else requests
            over = level.taken + ahead + counted.portions_of(ticket.cost.of(counted.kind)) - counted.portions
            if over > 0:
                periods = -(-over // counted.portions) - 1
                until_s = level.free_at_s + periods * counted.period_s
                if until_s > earliest.until_s:
                    earliest = Full(until_s, counted.kind, counted.limit)
        return earliest

    def _now_ms(self) -> int:
        return round(self._clock_s() * 1000)


async def _set_or_timeout(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
    event.clear()


def _rules(lane: Lane, demand: Demand, settings: Pacing, most_portions: int | None) -> Rules:
    applies = lane.applies(demand.provider, demand.model)
    buckets, slots = [], []
    for key, limits in ((lane.shared_key, applies.shared), (lane.own_key, applies.own)):
        for kind, limit in limits.items():
            if counted := window(kind, limit, settings.wait, most_portions):
                buckets.append(Bucket.of(key, counted))
            elif kind is LimitKind.CONCURRENCY:
                slots.append((key, limit))
    return Rules(buckets, slots)


def _full(level: Level, now_s: float) -> Full:
    counted = level.bucket.window
    return Full(max(level.free_at_s, now_s), counted.kind, counted.limit)
