"""Masking as the provider sees it: the same bytes for a message in every request, and nothing lost."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http

from addons.domain.completion import Completion, Outcome
from addons.domain.decisions import Decision, Original
from addons.domain.events import Event
from addons.domain.kinds import Kind
from addons.domain.masking import placeholder
from addons.domain.sessions import Match
from addons.hooks.masking import Masking
from addons.hooks.station import FORWARDED
from tests.addons.hooks.conversations import STEPS, WIRES, Step, content, started
from tests.addons.hooks.own import NOW_S, Own, chat, gemini, stream_of
from tests.addons.hooks.plays import played

POLICIES = st.sampled_from(["cache-aware", "always", "off"])
FEW = settings(max_examples=30, deadline=None)
FEWER = settings(max_examples=8, deadline=None)  # with a real database
SCRIPTS = st.lists(STEPS, min_size=2, max_size=9)


class TestWhatWasForwardedStays:
    """`Play.ask` asserts it with every request."""

    @FEW
    @given(WIRES, SCRIPTS, POLICIES)
    def test_from_request_to_request(self, wire: str, script: list[Step], policy: str) -> None:
        with played(policy=policy) as play:
            conversation = started(wire)
            for step in script:
                play.ask(conversation)
                conversation.step(step)
                play.now_s += step.pause_s
            play.ask(conversation)

    @FEW
    @given(st.lists(st.tuples(st.integers(0, 2), STEPS), min_size=4, max_size=14))
    def test_with_sessions_under_way_at_once(self, script: list[tuple[int, Step]]) -> None:
        with played() as play:
            conversations = [started("openai", "one"), started("gemini", "two"), started("openai", "three")]
            for which, step in script:
                play.ask(conversations[which])
                conversations[which].step(step)
                play.now_s += step.pause_s

    @FEW
    @given(WIRES, st.lists(st.tuples(STEPS, POLICIES, st.booleans()), min_size=2, max_size=9))
    def test_whatever_the_policy_becomes(self, wire: str, script: list[tuple[Step, str, bool]]) -> None:
        with played() as play:
            conversation = started(wire)
            for step, policy, again in script:
                play.use(policy)
                play.ask(conversation, fails=again)
                if again:
                    play.use("always")
                    play.ask(conversation, x_stainless_retry_count="1")
                conversation.step(step)
                play.now_s += step.pause_s

    @FEW
    @given(WIRES, st.lists(st.tuples(STEPS, st.sampled_from(["", "bypass", "compact", "both"])), max_size=8))
    def test_around_bypassed_requests_and_compactions(self, wire: str, script: list[tuple[Step, str]]) -> None:
        with played() as play:
            conversation = started(wire)
            play.ask(conversation)
            for step, between in script:
                conversation.answer("Well.", 1)
                conversation.step(step)
                if between in ("compact", "both"):
                    play.compact(conversation)
                if between in ("bypass", "both"):
                    play.bypass(conversation)
                play.ask(conversation)
                play.now_s += step.pause_s

    @FEWER
    @given(WIRES, st.lists(st.tuples(STEPS, st.booleans(), POLICIES, st.booleans()), min_size=2, max_size=6))
    def test_after_a_restart_too(self, wire: str, script: list[tuple[Step, bool, str, bool]]) -> None:
        with played(stored=True) as play:
            conversation = started(wire)
            for step, stops, policy, again in script:
                play.ask(conversation)
                if stops:
                    play.policy = policy
                    play.restart()
                if again:
                    play.ask(conversation, x_stainless_retry_count="1")
                conversation.step(step)
                play.now_s += step.pause_s
            play.ask(conversation)


LOG = content("log", 300, 1)
OTHER_LOG = content("log", 300, 3)
SOURCE = content("source", 900, 1)
COMPACTION = "Create a comprehensive summary of this conversation that captures all essential information"


def call(call_id: str, name: str = "run_command", **arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": call_id, "type": "function", "function": function}],
    }


def result(call_id: str, text: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": text}


HISTORY = [{"role": "user", "content": "Why does it fail?"}, call("c1", command="make"), result("c1", LOG)]


def contents(body: bytes) -> list[str]:
    return [message["content"] for message in json.loads(body)["messages"]]


def is_digest(text: str) -> bool:
    return placeholder.parse(text) is not None


class TestMasking:
    def test_output_that_a_digest_represents_is_masked_on_arrival(self, own: Own) -> None:
        flow = chat(HISTORY)
        body = own.run(own.call(flow))
        original, decision = *own.records.of(Original), *own.records.of(Decision)
        assert original.text == LOG
        assert contents(body)[2] == decision.replacements[0].text
        assert is_digest(contents(body)[2])
        (row,) = own.records.of(Completion)
        assert (row.masked_count, row.masked_tokens_saved) == (1, decision.tokens_saved)
        assert row.prompt_tokens_sent == row.prompt_tokens_before - row.masked_tokens_saved > 0
        assert not row.epoch

    def test_what_is_asked_for_while_masks_are_stored_holds_for_the_next_request(self, own: Own) -> None:
        memories = own.addon(Masking).memories

        def ask(record: object) -> bool:
            if isinstance(record, Decision):
                memories.ask(record.session_id)
            return False

        own.records.refuses = ask
        flow = chat(HISTORY)
        own.run(own.call(flow))
        match = own.exchange(flow).match
        assert match
        assert own.run(memories.of(match)).is_asked

    def test_a_file_that_was_just_read_reaches_the_model_whole(self, own: Own) -> None:
        history = [HISTORY[0], call("c1", "read_file", filepath="src/big.py"), result("c1", SOURCE)]
        flow = chat(history)
        before = flow.request.raw_content
        assert own.run(own.call(flow)) == before
        reading = own.exchange(flow).reading
        assert reading
        assert reading.messages[2].tokens > 10_000

    def test_the_model_is_told_of_the_tool_that_gets_it_back_if_there_is_one(self, own: Own) -> None:
        tool = {"type": "function", "function": {"name": "kimi_proxy_retrieve_original", "parameters": {}}}
        with_tool = own.run(own.call(chat(HISTORY, tools=[tool], headers={"X-Kimi-Project": "p"})))
        without = own.run(own.call(chat(HISTORY, headers={"X-Kimi-Project": "q"})))
        assert "kimi_proxy_retrieve_original" in contents(with_tool)[2].partition("\n")[0]
        assert "call the tool again" in contents(without)[2].partition("\n")[0]

    def test_with_the_policy_off_every_body_is_the_clients(self, own: Own) -> None:
        own.masking(policy="off")
        for end in range(1, len(HISTORY) + 1):
            flow = chat(HISTORY[:end])
            before = flow.request.raw_content
            assert own.run(own.call(flow)) == before
        assert own.records.of(Original) == []

    def test_a_policy_may_be_a_projects_or_a_providers(self, own: Own) -> None:
        own.masking(projects={"p": "off"}, providers={"acme": "always"})
        whole = own.run(own.call(chat(HISTORY, headers={"X-Kimi-Project": "p"})))
        masked = own.run(own.call(chat(HISTORY, headers={"X-Kimi-Project": "q"})))
        assert (contents(whole)[2] == LOG, is_digest(contents(masked)[2])) == (True, True)

    def test_a_bypassed_request_is_the_clients_and_the_next_one_is_masked_again(self, own: Own) -> None:
        first = own.run(own.call(chat(HISTORY)))
        flow = chat([*HISTORY, {"role": "assistant", "content": "a"}], headers={"X-Kimi-Bypass": "1"})
        before = flow.request.raw_content
        assert own.run(own.call(flow)) == before
        third = own.run(own.call(chat([*HISTORY, {"role": "assistant", "content": "a"}, HISTORY[0]])))
        assert contents(third)[:3] == contents(first)

    def test_the_clients_own_compaction_gets_what_the_chat_got(self, own: Own) -> None:
        chatted = own.run(own.call(chat(HISTORY)))
        decided = len(own.records.of(Decision))
        more = [*HISTORY, call("c2", command="make"), result("c2", OTHER_LOG)]
        flow = chat([*more, {"role": "user", "content": COMPACTION}])
        compacted = own.run(own.call(flow))
        assert own.exchange(flow).kind is Kind.COMPACTION
        assert contents(compacted)[:3] == contents(chatted)
        assert contents(compacted)[4] == OTHER_LOG
        assert len(own.records.of(Decision)) == decided

    @pytest.mark.parametrize("refused", [Original, Decision])
    def test_a_store_that_is_full_leaves_the_message_whole(self, own: Own, refused: type) -> None:
        own.records.refuses = lambda record: isinstance(record, refused)
        flow = chat(HISTORY)
        before = flow.request.raw_content
        assert own.run(own.call(flow)) == before
        own.records.refuses = lambda record: False
        again = own.run(own.call(chat([*HISTORY, {"role": "assistant", "content": "Done."}, HISTORY[0]])))
        assert contents(again)[2] == LOG  # it is in the provider's cache now

    def test_the_original_is_with_the_store_before_its_digest_is_decided_on(self, own: Own) -> None:
        own.run(own.request(chat(HISTORY)))  # the answer, and with it the row, comes later
        kinds = [type(record) for record in own.records.records]
        assert kinds == [Original, Decision]

    def test_a_title_request_is_not_masked(self, own: Own) -> None:
        words = f"Given the following... please reply with a title for the chat\n\n{LOG}"
        flow = chat([{"role": "user", "content": words}])
        before = flow.request.raw_content
        assert own.run(own.call(flow)) == before

    def test_what_fails_goes_as_it_came(self, own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
        async def broken(match: Match) -> None:
            raise OSError("the store")

        monkeypatch.setattr(own.addon(Masking).memories, "of", broken)
        flow = chat(HISTORY)
        before = flow.request.raw_content
        assert own.run(own.call(flow)) == before
        assert [event.message for event in own.records.of(Event)] == [f"Masking: OSError; {FORWARDED}"]


class TestEpochs:
    def grow(self, own: Own, at_s: float) -> http.HTTPFlow:
        """A file is read and then another: the first one is stale."""
        history = list(HISTORY[:1])
        for number in range(3):
            history += [call(f"c{number}", "read_file", filepath=f"{number}.py"), result(f"c{number}", SOURCE)]
            flow = chat(history, at_s=at_s if number == 2 else NOW_S)
            own.run(own.call(flow))
        return flow

    def test_a_cold_cache_is_the_moment_for_what_is_stale(self, own: Own) -> None:
        flow = self.grow(own, NOW_S + 400)
        exchange = own.exchange(flow)
        assert (exchange.is_epoch, exchange.lost_tokens) == (True, 0)
        texts = contents(flow.request.raw_content or b"")
        assert [is_digest(text) for text in texts if text] == [False, True, True, False]
        # The first file went by break-even when the second was read, the second waited for the cold cache.
        events = [(event.kind, event.data["reason"], event.data["messages"]) for event in own.records.of(Event)]
        assert events == [("epoch", "break-even", 1), ("epoch", "cold", 1)]
        assert [row.epoch for row in own.records.of(Completion)] == [False, True, True]

    def test_a_full_store_opens_none(self, own: Own) -> None:
        own.records.refuses = lambda record: isinstance(record, Original)
        flow = self.grow(own, NOW_S + 400)
        assert not own.exchange(flow).is_epoch
        assert own.records.of(Event) == []


class TestOneMessageMetAgain:
    def test_a_repetition_is_what_was_sent_whatever_the_policy_has_become(self, own: Own) -> None:
        own.masking(policy="off")
        first = own.run(own.request(chat(HISTORY)))
        own.masking(policy="always")
        assert own.run(own.call(chat(HISTORY, headers={"x-stainless-retry-count": "1"}))) == first

    def test_an_equal_message_goes_like_the_first(self, own: Own) -> None:
        """Gemini's results have no ids, so that two runs of one command may be one to us."""
        ran = {"role": "model", "parts": [{"functionCall": {"name": "run", "args": {}}}]}
        got = {"role": "user", "parts": [{"functionResponse": {"name": "run", "response": {"output": LOG}}}]}
        history = [{"role": "user", "parts": [{"text": "Run it twice."}]}, ran, got]
        own.masking(policy="off")
        own.run(own.call(gemini(history)))
        own.masking(policy="always")
        flow = gemini([*history, ran, got])
        before = flow.request.raw_content
        assert own.run(own.call(flow)) == before

    def test_a_persons_words_that_repeat_a_result_keep_both_whole(self, own: Own) -> None:
        answered = {"functionResponse": {"name": "run", "response": {"output": LOG}}}
        flow = gemini([{"role": "user", "parts": [answered, {"text": LOG}]}])
        before = flow.request.raw_content
        assert own.run(own.call(flow)) == before
        assert own.exchange(flow).masked_count == 0

    def test_written_with_other_white_space_it_stays_whole(self, own: Own) -> None:
        own.run(own.call(chat(HISTORY)))
        spaced = [*HISTORY[:2], result("c1", f" \n{LOG}"), {"role": "assistant", "content": "Done."}, HISTORY[0]]
        flow = chat(spaced)
        before = flow.request.raw_content
        assert own.run(own.call(flow)) == before
        assert own.exchange(flow).masked_count == 0

    def test_as_a_list_of_parts_it_is_masked_all_the_same(self, own: Own) -> None:
        first = own.run(own.call(chat(HISTORY)))
        part = {"type": "text", "text": LOG, "cache_control": {"type": "ephemeral"}}
        parts = [*HISTORY[:2], {**HISTORY[2], "content": [part]}, {"role": "assistant", "content": "Done."}, HISTORY[0]]
        (masked,) = contents(own.run(own.call(chat(parts))))[2]
        assert masked == {**part, "text": contents(first)[2]}


class TestDrafts:
    def test_the_end_of_the_answer_does_not_wait_for_them(self, own: Own) -> None:
        own.masking(least_tokens=100)
        flow = chat([*HISTORY[:2], result("c1", SOURCE)])
        own.run(own.request(flow))
        own.run(own.answer(flow, stream_of("Done.")))
        assert own.addon(Masking).drafting
        own.run(own.drafted())
        assert not own.addon(Masking).drafting
        assert own.addon(Masking).drafts.of(own.exchange(flow), 2)

    def test_one_that_fails_is_said_and_costs_nothing(
        self, own: Own, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        flow = chat(HISTORY[:1])
        own.run(own.request(flow))
        monkeypatch.setattr(own.addon(Masking).drafts, "prepare", None)
        own.run(own.answer(flow, stream_of("Done.")))
        own.run(own.drafted())
        assert "less is masked in later requests" in caplog.text
        assert own.records.of(Completion)[0].outcome is Outcome.OK
