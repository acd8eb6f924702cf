"""The pacer, on a loop in which only waiting takes time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain.pacing.cost import Cost
from addons.domain.pacing.lane import Demand
from addons.domain.pacing.limit import LimitKind, Told
from addons.domain.pacing.windows import window
from addons.domain.settings import Limits, Pacing, Provider
from addons.services.pacing.counters import Bucket, Counters, Unavailable
from addons.services.pacing.memory import MovingWindows, Slots
from addons.services.pacing.pacer import RETRY_STORAGE_S, SLICE_S, Pacer
from addons.services.pacing.passes import Gone, Observer, Pass, Refused
from tests.addons.services.pacing.loops import Loop

SETTINGS = Pacing()


class Listener(Observer):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def storage_failed(self, error: str) -> None:
        self.said.append(f"failed: {error}")

    def storage_answers(self) -> None:
        self.said.append("answers")


@dataclass
class Table:
    """A pacer, and who went when."""

    loop: Loop
    limits: Limits
    patience_s: float = 60
    went: list[tuple[float, str, int]] = field(default_factory=list)
    """When, session, number within the session."""
    refused: list[tuple[float, Refused]] = field(default_factory=list)
    gone: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        counters = Counters(MovingWindows(self.loop.clock_s), Slots(), b"salt")
        self.pacer = Pacer(counters, clock_s=self.loop.clock_s)
        self.provider = Provider(name="P", hosts=("p.test",), limits=self.limits)

    def demand(self, session: str = "s", tokens: int = 10, key: str = "key", model: str = "m") -> Demand:
        return Demand("p", self.provider, model, key, session, Cost(tokens))

    async def go(
        self,
        session: str = "s",
        number: int = 0,
        *,
        tokens: int = 10,
        key: str = "key",
        takes_s: float = 0,
        patience_s: float | None = None,
        is_there: Callable[[], bool] = lambda: True,
        used: int | None = None,
    ) -> Pass | Refused | None:
        patience_s = self.patience_s if patience_s is None else patience_s
        try:
            found = await self.pacer.admit(
                self.demand(session, tokens, key), SETTINGS, patience_s=patience_s, is_there=is_there
            )
        except Gone:
            self.gone.append(self.loop.time())
            return None
        if isinstance(found, Pass):
            self.went.append((self.loop.time(), session, number))
            await asyncio.sleep(takes_s)
            await self.pacer.ended(found, used)
        elif found:
            self.refused.append((self.loop.time(), found))
        return found

    def play(self, *work: object) -> None:
        async def all_of() -> None:
            await asyncio.gather(*work)  # type: ignore[call-overload]

        self.loop.play(all_of())


def most_within(went: Sequence[float], seconds: float) -> int:
    """The most in any window of that length."""
    return max((sum(start <= at < start + seconds for at in went) for start in went), default=0)


def test_two_hundred_at_once_never_exceed_sixty_a_minute(loop: Loop) -> None:
    table = Table(loop, Limits(requests_per_minute=60), patience_s=600)
    names = [f"s{index % 7}" for index in range(200)]
    numbers = Counter[str]()
    work = []
    for name in names:
        work.append(table.go(name, numbers[name]))
        numbers[name] += 1
    table.play(*work)
    assert len(table.went) == 200
    assert most_within([at_s for at_s, _, _ in table.went], 60) == 57
    assert table.went[-1][0] == pytest.approx(180, abs=2)
    for name in numbers:
        assert [number for _, session, number in table.went if session == name] == list(range(numbers[name]))


def test_what_cannot_go_in_time_is_refused_at_once(loop: Loop) -> None:
    table = Table(loop, Limits(requests_per_minute=60), patience_s=60)
    table.play(*(table.go(f"s{index}") for index in range(200)))
    assert len(table.went) == 57 or len(table.went) == 114
    assert len(table.went) + len(table.refused) == 200
    assert {at_s < 1 for at_s, _ in table.refused} == {True}
    assert {found.full.kind for _, found in table.refused} == {LimitKind.REQUESTS_PER_MINUTE}


def test_autocomplete_never_waits(loop: Loop) -> None:
    table = Table(loop, Limits(requests_per_minute=2))
    table.play(table.go(), table.go("other"), table.go("auto", patience_s=0))
    assert [at_s for at_s, _ in table.refused] == [0]
    assert [session for _, session, _ in table.went] == ["s", "other"]


def test_autocomplete_does_not_overtake_who_waits(loop: Loop) -> None:
    table = Table(loop, Limits(concurrency=1))

    async def play() -> None:
        first = asyncio.ensure_future(table.go(takes_s=5))
        await asyncio.sleep(1)
        second = asyncio.ensure_future(table.go("second", takes_s=5))
        await asyncio.sleep(1)
        assert isinstance(await table.go("auto", patience_s=0), Refused)
        await asyncio.gather(first, second)

    loop.play(play())
    assert [session for _, session, _ in table.went] == ["s", "second"]


def test_who_hangs_up_leaves_its_place_at_once(loop: Loop) -> None:
    table = Table(loop, Limits(requests_per_minute=1), patience_s=150)
    table.play(
        table.go("first"),
        table.go("gone", is_there=lambda: loop.time() < 30),
        table.go("next"),
    )
    assert table.gone == [pytest.approx(30, abs=SLICE_S + 0.01)]
    assert [session for _, session, _ in table.went] == ["first", "next"]
    assert table.went[-1][0] == pytest.approx(60, abs=SLICE_S)


def test_at_most_so_many_are_under_way(loop: Loop) -> None:
    table = Table(loop, Limits(concurrency=3))
    table.play(*(table.go(f"s{index}", takes_s=10) for index in range(9)))
    times = sorted(at_s for at_s, _, _ in table.went)
    assert times == [pytest.approx(10 * (index // 3), abs=0.1) for index in range(9)]


def test_tokens_are_counted_and_corrected_afterwards(loop: Loop) -> None:
    table = Table(loop, Limits(tokens_per_minute=1000))
    first = table.go("a", tokens=900, used=100)

    async def play() -> None:
        await first
        await table.go("b", tokens=800)
        await asyncio.sleep(1)
        await table.go("c", tokens=300)

    loop.play(play())
    times = {session: at_s for at_s, session, _ in table.went}
    assert times["b"] == 0, "the first one took 100, not 900"
    assert times["c"] > 50


def test_a_request_larger_than_the_limit_goes_alone(loop: Loop) -> None:
    table = Table(loop, Limits(tokens_per_minute=1000))
    table.play(table.go("a", tokens=50_000), table.go("b", tokens=50_000))
    assert [round(at_s) for at_s, _, _ in table.went] == [0, 60]


def test_two_keys_do_not_share_a_limit(loop: Loop) -> None:
    table = Table(loop, Limits(requests_per_minute=1))
    table.play(table.go("a", key="one"), table.go("b", key="two"))
    assert [at_s for at_s, _, _ in table.went] == [0, 0]


def test_what_a_provider_tells_one_key_is_no_limit_of_another(loop: Loop) -> None:
    table = Table(loop, Limits())

    async def play() -> None:
        demand = table.demand(key="one")
        found = await table.pacer.admit(demand, SETTINGS, patience_s=60, is_there=lambda: True)
        assert isinstance(found, Pass)
        table.pacer.refused(found, [Told(kind=LimitKind.REQUESTS_PER_MINUTE, limit=1)], 5_000)
        await asyncio.gather(table.go("a", key="two"), table.go("b", key="two"))

    loop.play(play())
    assert [at_s for at_s, _, _ in table.went] == [0, 0]


def test_a_refusal_by_the_provider_pauses_all(loop: Loop) -> None:
    table = Table(loop, Limits())

    async def play() -> None:
        found = await table.pacer.admit(table.demand(), SETTINGS, patience_s=60, is_there=lambda: True)
        assert isinstance(found, Pass)
        assert table.pacer.refused(found, [Told(kind=LimitKind.REQUESTS_PER_MINUTE, limit=2)], 5_000) == 5_000
        await asyncio.gather(*(table.go(f"s{index}") for index in range(3)))

    loop.play(play())
    times = sorted(at_s for at_s, _, _ in table.went)
    assert times[0] == pytest.approx(5, abs=0.1)
    assert most_within(times, 60) == 1, "95 % of the 2 that it named, and at least 1"


def test_what_the_provider_says_is_left_is_kept_to(loop: Loop) -> None:
    table = Table(loop, Limits(requests_per_minute=60))

    async def play() -> None:
        found = await table.pacer.admit(table.demand(), SETTINGS, patience_s=60, is_there=lambda: True)
        assert isinstance(found, Pass)
        reset_at_ms = round(loop.clock_s() * 1000) + 20_000
        told = Told(kind=LimitKind.REQUESTS_PER_MINUTE, limit=60, remaining=2, reset_at_ms=reset_at_ms)
        table.pacer.heard(found, [told])
        await asyncio.gather(*(table.go(f"s{index}") for index in range(4)))

    loop.play(play())
    assert [round(at_s) for at_s, _, _ in table.went] == [0, 0, 20, 20]


def test_who_waits_can_be_seen(loop: Loop) -> None:
    table = Table(loop, Limits(requests_per_minute=1))

    async def play() -> None:
        await table.go("first")
        waiting = asyncio.ensure_future(table.go("second"))
        await asyncio.sleep(1)
        [(lane, ticket)] = table.pacer.waiting()
        assert (lane.provider, ticket.session) == ("p", "second")
        assert ticket.until_ms - ticket.since_ms == pytest.approx(60_000, abs=1_000)
        await waiting
        assert table.pacer.waiting() == []

    loop.play(play())


class Failing(MovingWindows):
    """Does not answer until a time."""

    until_s = 0.0

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        if self.clock_s() < self.until_s:
            raise OSError("no connection")
        return await super().get_moving_window(key, limit, expiry)


def test_a_storage_that_does_not_answer_holds_nobody_up_and_is_told_once(loop: Loop) -> None:
    storage, observer = Failing(loop.clock_s), Listener()
    storage.until_s = loop.clock_s() + 15
    table = Table(loop, Limits(requests_per_minute=1))
    table.pacer = Pacer(Counters(storage, Slots(), b"salt"), observer, loop.clock_s)

    async def play() -> None:
        for _ in range(5):
            assert await table.go() is None
        await asyncio.sleep(RETRY_STORAGE_S + 1)
        assert await table.go() is None
        await asyncio.sleep(RETRY_STORAGE_S + 1)
        assert isinstance(await table.go(), Pass)

    loop.play(play())
    assert observer.said == ["failed: OSError", "answers"]


def test_places_are_given_back_where_the_windows_fail(loop: Loop) -> None:
    storage = Failing(loop.clock_s)
    storage.until_s = loop.clock_s() + 1
    slots = Slots()
    counters = Counters(storage, slots, b"salt")
    table = Table(loop, Limits(requests_per_minute=5, concurrency=1))
    table.pacer = Pacer(counters, clock_s=loop.clock_s)

    async def play() -> None:
        assert await table.go() is None
        assert await counters.enter("anything", "lease", 1)
        await asyncio.sleep(RETRY_STORAGE_S + 1)
        assert isinstance(await table.go(), Pass)

    loop.play(play())


def test_an_unavailable_storage_is_named_by_its_error(loop: Loop) -> None:
    storage = Failing(loop.clock_s)
    storage.until_s = loop.clock_s() + 1

    async def play() -> None:
        counted = window(LimitKind.REQUESTS_PER_MINUTE, 5, 1.0)
        assert counted
        with pytest.raises(Unavailable, match="OSError"):
            await Counters(storage, Slots(), b"s").levels([Bucket.of("k", counted)])

    loop.play(play())


arrivals = st.lists(
    st.tuples(st.floats(0, 90), st.sampled_from("abc"), st.integers(1, 700), st.floats(0, 5)), max_size=40
)


@settings(max_examples=20, deadline=None)
@given(arrivals, st.integers(1, 20), st.integers(200, 1000), st.integers(1, 5))
def test_whatever_comes_no_limit_is_exceeded(
    arrivals: list[tuple[float, str, int, float]], requests: int, tokens: int, concurrency: int
) -> None:
    loop = Loop()
    limits = Limits(requests_per_minute=requests, tokens_per_minute=tokens, concurrency=concurrency)
    table = Table(loop, limits, patience_s=3600)
    went: list[tuple[float, int]] = []
    under_way: list[int] = [0]

    async def one(pause_s: float, session: str, amount: int, takes_s: float) -> None:
        await asyncio.sleep(pause_s)
        found = await table.pacer.admit(table.demand(session, amount), SETTINGS, patience_s=3600, is_there=lambda: True)
        assert isinstance(found, Pass)
        under_way[0] += 1
        assert under_way[0] <= concurrency
        went.append((loop.time(), min(amount, int(tokens * 0.95))))
        await asyncio.sleep(takes_s)
        under_way[0] -= 1
        await table.pacer.ended(found, None)

    table.play(*(one(*arrival) for arrival in arrivals))
    loop.close()
    assert len(went) == len(arrivals)
    for start_s, _ in went:
        within = [amount for at_s, amount in went if start_s <= at_s < start_s + 60]
        assert len(within) <= max(1, int(requests * 0.95))
        assert sum(within) <= max(1, int(tokens * 0.95))


def test_tokens_that_the_provider_does_not_count_are_not_waited_for(loop: Loop) -> None:
    """Groq leaves out what was in its prefix cache."""
    table = Table(loop, Limits(tokens_per_minute=1000))

    async def play() -> None:
        for index in range(10):
            found = await table.pacer.admit(table.demand(tokens=900), SETTINGS, patience_s=60, is_there=lambda: True)
            assert isinstance(found, Pass)
            assert loop.time() < 1, index
            reset_at_ms = round(loop.clock_s() * 1000) + 6_000
            told = Told(
                kind=LimitKind.TOKENS_PER_MINUTE, limit=1000, remaining=950, reset_at_ms=reset_at_ms, refills=True
            )
            table.pacer.heard(found, [told])
            await table.pacer.ended(found, 950)

    loop.play(play())
