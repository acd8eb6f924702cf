"""The call that writes a summary, whatever becomes of it."""

import asyncio
from collections.abc import Callable

import pytest

from addons.domain.completion import Completion, Outcome
from addons.domain.compression.asking import Reply
from addons.domain.compression.summary import Summary
from addons.domain.events import Event
from addons.domain.kinds import Kind
from addons.domain.pacing.cost import Cost
from addons.domain.pacing.lane import Demand, Lane
from addons.domain.provider_errors import ErrorClass, ProviderError
from addons.domain.usage import Usage
from addons.hooks.compression import Compression
from addons.hooks.pacing import Pacing
from addons.hooks.ratelimit import RateLimit
from addons.services.pacing.passes import Full, Pass, Refused
from addons.services.summarizer import Place
from tests.addons.hooks.compressing import SMALL, ask, finished, sent, steps, with_writer, written
from tests.addons.hooks.own import Own

FULL = 31
REFUSED = Reply(status=400, error=ProviderError(ErrorClass.BAD_REQUEST, "invalid temperature"))
NOT_REACHED = Reply(error=ProviderError(ErrorClass.TRANSPORT, "ConnectError"))
ONLY_THOUGHT = Reply(status=200, usage=Usage(prompt_tokens=10, completion_tokens=500))


@pytest.fixture
def small(make_own: Callable[..., Own]) -> Own:
    return make_own(providers=SMALL)


def calls(own: Own) -> list[Completion]:
    return [row for row in own.records.of(Completion) if row.kind is Kind.COMPRESSION]


def steps_of(own: Own) -> list[object]:
    return [event.data["step"] for event in own.records.of(Event) if event.kind == "compression"]


class TestSummarising:
    @pytest.mark.parametrize(
        ("replies", "outcomes", "steps_seen"),
        [
            ([written("Fine.")], [Outcome.OK], ["made", "written"]),
            ([REFUSED, written("Fine.")], [Outcome.ERROR, Outcome.OK], ["made", "written"]),
            ([ONLY_THOUGHT, written("Fine.")], [Outcome.OK, Outcome.OK], ["made", "written"]),
            ([ONLY_THOUGHT, ONLY_THOUGHT], [Outcome.OK, Outcome.OK], ["made", "failed"]),
            ([REFUSED, REFUSED], [Outcome.ERROR, Outcome.ERROR], ["made", "failed"]),
            ([NOT_REACHED], [Outcome.UPSTREAM_ABORT], ["made", "failed"]),
        ],
        ids=["at once", "without the temperature", "with room to think", "only thought", "refused", "not reached"],
    )
    def test_it_is_asked_twice_at_most(
        self, small: Own, replies: list[Reply], outcomes: list[Outcome], steps_seen: list[str]
    ) -> None:
        with_writer(small, *replies)
        ask(small, steps(FULL))
        small.run(finished(small))
        ask(small, steps(FULL + 1), 1)
        assert [row.outcome for row in calls(small)] == outcomes
        assert steps_of(small) == steps_seen

    def test_all_attempts_are_paid_for_by_the_summary(self, small: Own) -> None:
        with_writer(small, ONLY_THOUGHT, written("Fine."))
        ask(small, steps(FULL))
        small.run(finished(small))
        ask(small, steps(FULL + 1), 1)
        assert small.records.of(Summary)[-1].cost_usd == pytest.approx(sum(row.cost_usd or 0 for row in calls(small)))

    def test_a_model_that_thinks_gets_room_at_once_the_next_time(self, small: Own) -> None:
        writer = with_writer(small, ONLY_THOUGHT, written("Fine."))
        ask(small, steps(FULL))
        small.run(finished(small))
        for number in range(FULL + 1, 2 * FULL):
            ask(small, steps(number), number)
            small.run(finished(small))
        assert [body["max_tokens"] for _, body in writer.asked] == [500, 4_596, 4_596]

    def test_the_persons_latest_words_stand_beside_it(self, small: Own) -> None:
        with_writer(small, written("What the model wrote. " * 200))
        ask(small, steps(FULL))
        small.run(finished(small))
        text = sent(ask(small, steps(FULL + 1), 1))[1]["content"]
        assert "The person's latest request among them, in their words: Repair the parser." in text
        assert small.records.of(Summary)[-1].tokens_after < 620

    def test_one_that_comes_after_the_next_compression_is_not_used(self, small: Own) -> None:
        writer = with_writer(small)
        writer.held = asyncio.Event()
        ask(small, steps(FULL))
        for number in range(FULL + 1, 2 * FULL):
            ask(small, steps(number), number)
        assert len(writer.asked) >= 1
        assert len(small.addon(Compression).summarising.tasks) == 1
        writer.held.set()
        small.run(finished(small))
        ask(small, steps(2 * FULL), 2 * FULL)
        assert steps_of(small).count("written") == 1

    def test_a_stop_gives_it_up(self, small: Own) -> None:
        writer = with_writer(small)
        writer.held = asyncio.Event()
        ask(small, steps(FULL))
        small.run(asyncio.sleep(0.05))
        small.addon(Compression).done()
        small.run(asyncio.sleep(0))
        assert not small.addon(Compression).summarising.tasks
        assert not calls(small)

    def test_what_nobody_expected_is_an_event_too(self, small: Own) -> None:
        async def broken(place: Place, body: bytes) -> Reply:
            raise ValueError(place.url)

        small.addon(Compression).summarising.ask = broken
        ask(small, steps(FULL))
        small.run(finished(small))
        assert [event.message for event in small.records.of(Event) if event.data.get("step") == "failed"] == [
            "no model wrote the summary: ValueError; the one gathered from the messages stays"
        ]

    def test_another_model_of_the_provider_can_be_named(self, make_own: Callable[..., Own]) -> None:
        own = make_own(providers=SMALL + 'model = "large"\n')
        writer = with_writer(own)
        ask(own, steps(FULL))
        own.run(finished(own))
        assert writer.asked[0][1]["model"] == "large"
        (row,) = calls(own)
        assert row.model == "large"


class Pacer:
    """In the pacer's place: lets a call go, or does not."""

    def __init__(self, answer: Pass | Refused | None) -> None:
        self.answer = answer
        self.demands: list[Demand] = []
        self.ended_with: list[int | None] = []

    async def admit(self, demand: Demand, *_: object, **__: object) -> Pass | Refused | None:
        self.demands.append(demand)
        return self.answer

    async def ended(self, granted: Pass, tokens: int | None) -> None:
        self.ended_with.append(tokens)


class TestTheProvidersLimits:
    def test_the_call_takes_its_place_and_gives_it_back(self, small: Own) -> None:
        pacer = Pacer(Pass(Lane("", "acme", ""), Cost(0), 0, []))
        small.addon(Pacing).pacer = pacer  # type: ignore[assignment]
        small.addons.remove(small.addon(RateLimit))
        with_writer(small, written("Fine."))
        ask(small, steps(FULL), headers={"authorization": "Bearer sk-1"})
        small.run(finished(small))
        (demand,) = pacer.demands
        assert (demand.provider_key, demand.model_id, demand.credential) == ("acme", "mid", "sk-1")
        assert demand.cost.tokens > 1_000
        assert pacer.ended_with == [1_050]

    def test_where_they_leave_no_room_the_gathered_summary_stays(self, small: Own) -> None:
        small.addon(Pacing).pacer = Pacer(Refused(Full(0, None, None)))  # type: ignore[assignment]
        small.addons.remove(small.addon(RateLimit))
        writer = with_writer(small)
        ask(small, steps(FULL))
        small.run(finished(small))
        assert not writer.asked
        assert [row.outcome for row in calls(small)] == [Outcome.BLOCKED]
        assert steps_of(small) == ["made", "failed"]
