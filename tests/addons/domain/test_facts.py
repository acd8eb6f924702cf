import pytest

from addons.domain.facts import facts_of
from addons.domain.keys import answer_key, message_key
from addons.domain.messages import Message, Part, PartType, Role
from addons.domain.tokens import TokenCounter

COUNTER = TokenCounter()


def text(role: Role, content: str) -> Message:
    return Message(role, (Part(PartType.TEXT, content),))


RESULT = Part(PartType.TOOL_RESULT, "ok", call_id="1")


@pytest.mark.parametrize(
    ("message", "is_turn", "has_tool_result"),
    [
        pytest.param(text(Role.USER, "Fix it"), True, False, id="user"),
        pytest.param(Message(Role.USER, (Part(PartType.IMAGE),)), True, False, id="an image alone"),
        pytest.param(text(Role.ASSISTANT, "Done."), False, False, id="assistant"),
        pytest.param(Message(Role.TOOL, (RESULT,)), False, True, id="tool"),
        pytest.param(
            text(Role.USER, "Tool output for read_file tool call:\n\nx"), False, True, id="tool output as text"
        ),
        pytest.param(text(Role.USER, "What is a tool call:"), True, False, id="a question about tool calls"),
        pytest.param(
            Message(Role.TOOL, (RESULT, Part(PartType.TEXT, "Why?"))), True, True, id="gemini: a question merged in"
        ),
    ],
)
def test_what_a_person_wrote_is_told_from_tool_output(message: Message, is_turn: bool, has_tool_result: bool) -> None:
    facts = facts_of(message, b"", b"digest", COUNTER)
    assert (facts.is_turn, facts.has_tool_result) == (is_turn, has_tool_result)
    assert (facts.digest, facts.role, facts.key) == (b"digest", message.role, message_key(message))
    assert facts.tokens == COUNTER.count_message(message)


def test_a_system_message_has_no_key() -> None:
    facts = facts_of(text(Role.SYSTEM, "Rules"), b"", b"", COUNTER)
    assert (facts.key, facts.summary_key, facts.is_turn) == (b"", b"", False)


def test_a_summary_in_the_system_message_is_noted() -> None:
    system = text(Role.SYSTEM, "Rules\n\nPrevious conversation summary:\n\n All is well.")
    assert facts_of(system, b"", b"", COUNTER).summary_key == answer_key("All is well.")


def test_images_are_counted_and_named_after_the_text() -> None:
    parts = (Part(PartType.IMAGE), Part(PartType.TEXT, "What is this?"), Part(PartType.IMAGE))
    facts = facts_of(Message(Role.USER, parts), b"", b"", COUNTER)
    assert (facts.images, facts.name) == (2, "What is this?")
