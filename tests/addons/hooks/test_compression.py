"""A context that fills up, request by request."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain.completion import Completion, Outcome
from addons.domain.compression.asking import Reply
from addons.domain.compression.summary import Summary, Trigger
from addons.domain.events import Event
from addons.domain.kinds import Kind
from addons.domain.provider_errors import ErrorClass, ProviderError
from addons.hooks.compression import Compression
from addons.hooks.masking import Masking
from db.engine import opened, reader
from db.queries.states import recent_states
from tests.addons.hooks.compressing import (
    SMALL,
    WINDOW,
    ask,
    ask_gemini,
    contents,
    finished,
    sent,
    steps,
    with_writer,
    written,
)
from tests.addons.hooks.conversations import STEPS, WIRES, Step, started
from tests.addons.hooks.own import NOW_S, PROVIDERS, Own, stream_of
from tests.addons.hooks.plays import StoredRecords
from tests.e2e.order_rules import gemini_problems, problems

MakeOwn = Callable[..., Own]
FULL = 31
"""Steps with which the window is too full."""


@pytest.fixture
def small(make_own: MakeOwn) -> Own:
    own = make_own(providers=SMALL)
    with_writer(own)
    return own


@pytest.fixture
def unwritten(small: Own) -> Iterator[None]:
    """The model's text comes after the test: with its next request it might, or might not, be there already."""
    writer = with_writer(small)
    writer.held = asyncio.Event()
    yield
    writer.held.set()
    small.run(finished(small))


def grown(own: Own, steps_now: int = FULL, minute: float = 1) -> list[dict[str, object]]:
    """What is forwarded once the window is too full."""
    ask(own, steps(steps_now - 1), minute - 0.5)
    return sent(ask(own, steps(steps_now), minute))


def chats(own: Own) -> list[Completion]:
    """Without the calls that write a summary, which may end at any moment."""
    return [row for row in own.records.of(Completion) if row.kind is Kind.CHAT]


class TestCompression:
    def test_a_full_context_becomes_a_summary_and_the_latest_exchanges(self, small: Own) -> None:
        messages = grown(small)
        assert messages[0] == steps(1)[0]
        assert messages[1]["role"] == "user"
        assert str(messages[1]["content"]).startswith("[Summary of the 53 oldest messages of this conversation")
        assert messages[2:] == steps(FULL)[-10:]
        assert problems(messages) == []

    def test_what_it_took_out_is_recorded(self, small: Own) -> None:
        grown(small)
        (summary,) = small.records.of(Summary)
        assert (summary.trigger, summary.kept_exchanges, summary.writer) == (Trigger.PRESSURE, 5, "heuristic")
        row = chats(small)[-1]
        assert row.epoch
        assert row.compressed_tokens_saved == summary.tokens_before - summary.tokens_after
        assert row.prompt_tokens_before and row.prompt_tokens_sent
        assert row.prompt_tokens_before - row.prompt_tokens_sent == row.compressed_tokens_saved
        assert row.context_fill and row.context_fill < 0.5
        (event,) = [event for event in small.records.of(Event) if event.data.get("step") == "made"]
        assert event.data["before"] == summary.prompt_tokens_before
        assert event.data["after"] == row.prompt_tokens_sent

    def test_a_request_with_room_stays_as_it_is(self, small: Own) -> None:
        flow = ask(small, steps(10))
        assert sent(flow) == steps(10)
        assert not small.records.of(Summary)

    def test_the_models_summary_takes_its_place_once_and_stays(self, small: Own) -> None:
        first = grown(small)
        small.run(finished(small))
        second, third = (sent(ask(small, steps(FULL + more), 1 + more)) for more in (1, 2))
        assert "The model's summary 1." in second[1]["content"]
        assert first[1] != second[1]
        assert third[: len(second)] == second
        assert [row.epoch for row in chats(small)[-3:]] == [True, True, False]
        assert [(summary.writer, summary.active) for summary in small.records.of(Summary)] == [
            ("heuristic", True),
            ("mid", True),
        ]

    def test_the_call_is_recorded_with_its_cost(self, small: Own) -> None:
        grown(small)
        small.run(finished(small))
        (row,) = [row for row in small.records.of(Completion) if row.kind is Kind.COMPRESSION]
        assert (row.outcome, row.prompt_tokens, row.completion_tokens) == (Outcome.OK, 1_000, 50)
        assert row.cost_usd == pytest.approx((1_000 * 1.0 + 50 * 4.0) / 1e6)
        assert row.cost_unmodified_usd == 0

    def test_a_failure_is_an_event_and_the_gathered_summary_stays(self, small: Own) -> None:
        error = Reply(status=503, error=ProviderError(ErrorClass.OVERLOAD, "busy"))
        with_writer(small, error)
        first = grown(small)
        small.run(finished(small))
        assert sent(ask(small, steps(FULL + 1), 2))[: len(first)] == first
        assert [event.message for event in small.records.of(Event) if event.data.get("step") == "failed"] == [
            "no model wrote the summary: busy; the one gathered from the messages stays"
        ]

    def test_it_is_extended_when_the_context_is_full_again(self, small: Own) -> None:
        writer = with_writer(small, written("What happened first."), written("All of it."))
        grown(small)
        small.run(finished(small))
        for number in range(FULL + 1, 2 * FULL):
            flow = ask(small, steps(number), number)
            small.run(finished(small))
            assert problems(sent(flow)) == []
        assert "All of it." in sent(flow)[1]["content"]
        assert (
            "<earlier-summary>\nWhat happened first.\n</earlier-summary>"
            in writer.asked[1][1]["messages"][1]["content"]
        )
        first, *_, last = small.records.of(Summary)
        assert last.keys.startswith(first.keys)
        assert last.messages > first.messages

    def test_the_prefix_changes_only_with_a_new_summary(self, small: Own) -> None:
        before: list[dict[str, object]] = []
        for number in range(1, 60):
            flow = ask(small, steps(number), number)
            small.run(finished(small))
            messages = sent(flow)
            if not small.exchange(flow).is_epoch:
                assert messages[: len(before)] == before
            before = messages
        rows = chats(small)
        assert max(row.prompt_tokens_sent or 0 for row in rows) < WINDOW
        assert sum(row.epoch for row in rows) <= 2 * len(small.records.of(Summary))

    def test_after_a_restart_the_same_summary_stands(self, small: Own, make_own: MakeOwn) -> None:
        first = grown(small)
        (summary,) = small.records.of(Summary)
        other = make_own(providers=SMALL)
        other.sessions.load([state for state in [small.sessions.state(summary.session_id)] if state])
        other.addon(Compression).summaries._stored = lambda session_id: summary  # type: ignore[method-assign]
        other.addon(Masking).memories._stored = lambda session_id: []  # type: ignore[method-assign]
        flow = ask(other, steps(FULL + 1), 2)
        assert sent(flow)[: len(first)] == first
        assert not other.exchange(flow).is_epoch

    def test_after_the_client_pruned_its_front_the_same_summary_stands(self, small: Own, unwritten: None) -> None:
        first = grown(small)
        pruned = [steps(1)[0], *steps(FULL + 1)[16:]]
        assert sent(ask(small, pruned, 2))[: len(first)] == first

    def test_an_edited_message_drops_it(self, small: Own, unwritten: None) -> None:
        grown(small)
        edited = steps(6)
        edited[1] = {"role": "user", "content": "Repair the printer instead."}
        assert sent(ask(small, steps(3) + edited[1:2], 2)) == steps(3) + edited[1:2]
        assert small.records.of(Summary)[-1].active is False
        assert [event.data.get("step") for event in small.records.of(Event)][-1] == "dropped"

    def test_the_clients_own_compaction_gets_what_the_chat_got(self, small: Own, unwritten: None) -> None:
        first = grown(small)
        words = "Please provide a concise summary of our conversation so far, capturing the key context"
        asked = {"role": "user", "content": words}
        flow = ask(small, [*steps(FULL), asked], 2)
        assert sent(flow) == [*first, asked]
        assert small.exchange(flow).kind is Kind.COMPACTION
        assert len(small.records.of(Summary)) == 1

    def test_a_bypassed_request_goes_as_it_came(self, small: Own) -> None:
        grown(small)
        flow = ask(small, steps(FULL + 1), 2, headers={"x-kimi-bypass": "1"})
        assert sent(flow) == steps(FULL + 1)

    def test_what_the_store_does_not_take_is_not_used(self, small: Own) -> None:
        small.records.refuses = lambda record: isinstance(record, Summary)
        assert grown(small) == steps(FULL)

    def test_a_store_that_cannot_be_read_leaves_the_request_alone(self, small: Own, make_own: MakeOwn) -> None:
        grown(small)
        state = small.sessions.state(small.records.of(Summary)[0].session_id)
        assert state
        other = make_own(providers=SMALL)
        other.sessions.load([state])

        def broken(session_id: str) -> Summary:
            raise OSError(session_id)

        other.addon(Compression).summaries._stored = broken  # type: ignore[method-assign]
        assert sent(ask(other, steps(FULL + 1), 2)) == steps(FULL + 1)

    def test_masked_messages_are_not_counted_twice(self, make_own: MakeOwn) -> None:
        own = make_own(providers=SMALL.replace('policy = "off"', 'policy = "always"\nthreshold_tokens = 200'))
        with_writer(own)
        for number in range(1, 80):
            flow = ask(own, steps(number), number)
            own.run(finished(own))
            exchange = own.exchange(flow)
            assert problems(sent(flow)) == []
            assert exchange.reading
            assert exchange.masked_tokens_saved == sum(exchange.masked.values())
            assert exchange.masked_count == len(exchange.masked)
            assert not set(exchange.masked) & set(exchange.covered)
        row = chats(own)[-1]
        assert row.prompt_tokens_before and row.prompt_tokens_sent
        assert row.prompt_tokens_before - row.prompt_tokens_sent == (
            row.masked_tokens_saved + row.compressed_tokens_saved
        )

    def test_gemini_keeps_its_order_and_signatures(self, small: Own) -> None:
        writer = with_writer(small)
        for number in range(25, 60):
            flow = ask_gemini(small, contents(number), number)
            small.run(finished(small))
            assert gemini_problems(sent(flow)) == []
        messages = sent(flow)
        assert messages[0]["parts"][0]["text"].startswith("[Summary of the ")
        assert messages[-2]["parts"][0]["thoughtSignature"] == "c2ln"
        place, body = writer.asked[0]
        assert place.url == "https://gem.test/v1beta/models/lite:generateContent?key=AIzaf4k3f4k3f4k3"
        assert set(body) == {"contents", "systemInstruction", "generationConfig"}

    def test_asked_for_by_hand_it_happens_once(self, small: Own) -> None:
        flow = ask(small, steps(10))
        session_id = small.exchange(flow).session_id or ""
        small.addon(Compression).asked[session_id] = 2
        assert sent(ask(small, steps(11), 1))[2:] == steps(11)[-4:]
        (summary,) = small.records.of(Summary)
        assert (summary.trigger, summary.kept_exchanges) == (Trigger.BY_HAND, 2)
        assert not small.addon(Compression).asked

    def test_asked_for_where_nothing_may_go_is_told(self, small: Own) -> None:
        flow = ask(small, steps(3))
        small.addon(Compression).asked[small.exchange(flow).session_id or ""] = 9
        assert sent(ask(small, steps(4), 1)) == steps(4)
        assert [event.data["step"] for event in small.records.of(Event)] == ["nothing"]

    def test_it_pauses_between_two_while_there_is_room(self, make_own: MakeOwn) -> None:
        small = make_own(providers=SMALL + 'model = "none"\n')
        grown(small)
        fills = []
        while len(small.records.of(Summary)) == 1:
            flow = ask(small, steps(FULL + len(fills)), 1 + len(fills) / 1_000)
            fills.append(chats(small)[-1].context_fill or 0)
        assert fills[-2] > 0.9
        assert fills[-1] < 0.7
        assert sent(flow)[0] == steps(1)[0]
        assert small.records.of(Summary)[-1].trigger is Trigger.NO_ROOM

    def test_without_a_model_nobody_is_asked(self, make_own: MakeOwn) -> None:
        own = make_own(providers=SMALL + 'model = "none"\n')
        writer = with_writer(own)
        grown(own)
        own.run(finished(own))
        assert not writer.asked

    def test_credentials_and_our_own_headers(self, small: Own) -> None:
        writer = with_writer(small)
        headers = {
            "authorization": "Bearer sk-test",
            "user-agent": "OpenAI/JS 5.23.2",
            "x-stainless-retry-count": "1",
            "x-kimi-project": "shop",
            "cookie": "a=b",
        }
        ask(small, steps(FULL), 1, headers=headers)
        small.run(finished(small))
        (place, body) = writer.asked[0]
        assert place.url == "https://llm.acme.test/v1/chat/completions"
        assert place.headers == {
            "authorization": "Bearer sk-test",
            "user-agent": "OpenAI/JS 5.23.2",
            "content-type": "application/json",
            "accept": "application/json",
        }
        assert "sk-test" not in repr(place)
        assert (body["model"], body["max_tokens"], body["temperature"], body["stream"]) == ("mid", 500, 0.3, False)
        assert json.dumps(replace(small.records.of(Summary)[0], keys=b""), default=repr)  # type: ignore[type-var]


NARROW = (
    PROVIDERS.replace("200000", "6000").replace("1000000", "6000")
    + "[routing]\nenabled = false\n[compression]\nreserved_tokens = 500\n"
)


class Narrow:
    """A proxy before models with a small window, as often as it is started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.url = folder, f"sqlite:///{folder / 'sessions.db'}"
        self.begin()

    def begin(self) -> None:
        self.own = Own(self.folder, providers=NARROW, recorder=StoredRecords(self.url))
        self.own.context.options.update(kimi_database=self.url)
        with_writer(self.own)
        with opened(reader, self.url) as engine:
            self.own.sessions.load(recent_states(engine, 0, 100))

    def end(self) -> None:
        self.own.run(finished(self.own))
        self.own.records.close(60)
        self.own.close()

    def restart(self) -> None:
        self.end()
        self.begin()


@settings(max_examples=15, deadline=None)
@given(WIRES, st.lists(st.tuples(STEPS, st.sampled_from(["", "", "", "wait", "restart"])), min_size=8, max_size=24))
def test_whatever_the_conversation_order_and_prefix_hold(wire: str, script: list[tuple[Step, str]]) -> None:
    with TemporaryDirectory() as folder:
        narrow = Narrow(Path(folder))
        conversation, before = started(wire), list[bytes]()
        for number, (step, then) in enumerate(script):
            conversation.step(replace(step, seed=step.seed + 100 * number))
            flow = conversation.ask(NOW_S + 400 * number)
            now = conversation.cut(narrow.own.run(narrow.own.request(flow)))
            exchange = narrow.own.exchange(flow)
            assert exchange.failures == []
            decoded = [json.loads(raw) for raw in now]
            assert (problems(decoded) if wire == "openai" else gemini_problems(decoded)) == []
            if flow.response is None:  # else it is refused, and its bytes go nowhere
                assert exchange.is_epoch or now[: len(before)] == before
                narrow.own.run(narrow.own.answer(flow, stream_of("Done.")))
                before = now
            if then:
                narrow.own.run(finished(narrow.own))
            if then == "restart":
                narrow.restart()
        narrow.end()
