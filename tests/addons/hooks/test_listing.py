"""The messages of each request, as they are recorded with it."""

from typing import Any

from addons.domain.completion import Completion
from addons.domain.decisions import Action
from addons.domain.message_lines import Line, lines, total
from addons.domain.message_list import MessageStep, built
from tests.addons.hooks.own import Own, chat, flow_to

QUESTION = {"role": "user", "content": "Why does the build fail?"}
CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [{"id": "1", "type": "function", "function": {"name": "run", "arguments": "{}"}}],
}
RESULT = {
    "role": "tool",
    "tool_call_id": "1",
    "content": "\n".join(f"[{number}] compiled unit {number * 37 % 101}.o in {number} ms" for number in range(900)),
}


def steps(own: Own, *requests: list[dict[str, Any]]) -> list[MessageStep]:
    for messages in requests:
        own.run(own.call(chat(messages)))
    return [call.messages for call in own.records.of(Completion) if call.messages]


def shown(found: list[MessageStep]) -> list[Line]:
    last = built(found)
    assert last
    return lines(last)


class TestListing:
    def test_a_session_records_what_is_new_in_each_request(self, own: Own) -> None:
        first, second = steps(own, [QUESTION], [QUESTION, CALL, RESULT])
        assert (len(first.added), len(second.added), second.number) == (1, 2, 1)
        assert first.chain == second.chain
        assert [line.is_new for line in shown([first, second])[:3]] == [False, True, True]

    def test_what_was_masked_is_known_with_its_tokens(self, own: Own) -> None:
        own.masking(policy="always")
        found = steps(own, [QUESTION, CALL, RESULT], [QUESTION, CALL, RESULT, {"role": "assistant", "content": "ok"}])
        for place, call in enumerate(own.records.of(Completion)):
            listed = shown(found[: place + 1])
            assert total(listed) == call.prompt_tokens_sent
            assert [line.index for line in listed if line.action is Action.MASK] == [2]
            assert sum(line.saved for line in listed) == call.masked_tokens_saved > 1_000

    def test_a_request_outside_the_conversation_stands_alone(self, own: Own) -> None:
        prompt = flow_to("llm.acme.test", "/v1/completions", b'{"model": "large", "prompt": "def f("}')
        steps(own, [QUESTION])
        own.run(own.call(prompt))
        first, alone, second = steps(own, [QUESTION, CALL, RESULT])
        assert (alone.number, alone.added, alone.prompt_tokens) == (0, (), 3)
        assert (second.chain, second.number) == (first.chain, 1)
        assert alone.chain != first.chain

    def test_nothing_builds_on_what_was_not_recorded(self, own: Own) -> None:
        steps(own, [QUESTION])
        own.records.refuses = lambda record: isinstance(record, Completion)
        steps(own, [QUESTION, CALL, RESULT])
        own.records.refuses = lambda record: False
        last = steps(own, [QUESTION, CALL, RESULT, {"role": "assistant", "content": "ok"}])[-1]
        assert (last.number, len(last.added)) == (0, 4)

    def test_what_cannot_be_read_has_no_messages(self, own: Own) -> None:
        own.run(own.call(flow_to("llm.acme.test", "/v1/chat/completions", b"{")))
        assert own.records.of(Completion)[0].messages is None
