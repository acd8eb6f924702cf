import msgspec
import pytest

from addons.domain.tokens import TokenCounter
from addons.services.simulator import story
from addons.services.simulator.story import Conversation


@pytest.fixture(scope="module")
def long() -> Conversation:
    return story.long_conversation()


def test_the_long_conversation_is_long_and_fills_a_hundred_thousand_tokens(long: Conversation) -> None:
    assert len(long.turns) >= 40
    assert 95_000 < TokenCounter().count(long.body(len(long.turns) - 1).decode()) < 115_000


def test_it_is_the_same_each_time(long: Conversation) -> None:
    assert list(story.long_conversation().bodies()) == list(long.bodies())


def test_each_request_continues_the_one_before(long: Conversation) -> None:
    for earlier, later in zip(long.turns, long.turns[1:], strict=False):
        assert earlier < later
    assert long.turns[-1] == len(long.messages) - 1


def test_the_answer_to_each_request_is_the_message_that_follows(long: Conversation) -> None:
    for turn, count in enumerate(long.turns):
        answer, message = long.answer(turn), long.messages[count]
        assert message["role"] == "assistant"
        assert answer.text == message["content"]
        assert [call.id for call in answer.tool_calls] == [call["id"] for call in message.get("tool_calls", [])]


def test_every_call_has_its_result_and_ids_are_unique(long: Conversation) -> None:
    called = [call["id"] for message in long.messages for call in message.get("tool_calls", [])]
    answered = [message["tool_call_id"] for message in long.messages if message["role"] == "tool"]
    assert called == answered
    assert len(set(called)) == len(called)


def test_only_known_tools_are_called(long: Conversation) -> None:
    known = {tool["function"]["name"] for tool in long.tools}
    called = {call["function"]["name"] for message in long.messages for call in message.get("tool_calls", [])}
    assert called == known


def test_another_provider_gets_the_same_messages(long: Conversation) -> None:
    moved = long.at("api.groq.com", "/openai/v1/chat/completions", "openai/gpt-oss-120b")
    first = msgspec.json.decode(moved.body(0))
    assert first["model"] == "openai/gpt-oss-120b"
    assert first["messages"] == long.messages[: long.turns[0]]
