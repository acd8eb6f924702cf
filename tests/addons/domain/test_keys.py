import pytest

from addons.domain.keys import KEY_BYTES, answer_key, message_key, summary_key
from addons.domain.messages import Message, Part, PartType, Role

TEXT, CALL, RESULT = PartType.TEXT, PartType.TOOL_CALL, PartType.TOOL_RESULT
IMAGE = Message(Role.USER, (Part(PartType.IMAGE),))


def user(*texts: str) -> Message:
    return Message(Role.USER, tuple(Part(TEXT, text) for text in texts))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(user("fix it"), user(" fix it\n"), id="white space around the text"),
        pytest.param(user(""), user(" "), id="the IDE's blank for nothing"),
        pytest.param(user("ab"), user("a", "b"), id="one text in several parts"),
        pytest.param(Message(Role.USER), user(""), id="no part and an empty one"),
        pytest.param(
            Message(Role.ASSISTANT, (Part(TEXT, "a"), Part(PartType.REASONING, "hm"))),
            Message(Role.ASSISTANT, (Part(TEXT, "a"),)),
            id="reasoning",
        ),
    ],
)
def test_the_same_message_written_otherwise_has_the_same_key(one: Message, other: Message) -> None:
    assert message_key(one) == message_key(other)
    assert len(message_key(one)) == KEY_BYTES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(user("a"), user("b"), id="text"),
        pytest.param(user("a"), Message(Role.ASSISTANT, (Part(TEXT, "a"),)), id="role"),
        pytest.param(
            Message(Role.ASSISTANT, (Part(CALL, "{}", "Read", "1"),)),
            Message(Role.ASSISTANT, (Part(CALL, "{}", "Read", "2"),)),
            id="id of a call",
        ),
        pytest.param(
            Message(Role.ASSISTANT, (Part(CALL, "{}", "Read"),)),
            Message(Role.ASSISTANT, (Part(CALL, "{}", "List"),)),
            id="name of a call",
        ),
        pytest.param(
            Message(Role.ASSISTANT, (Part(CALL, '{"a":1}', "Read"),)),
            Message(Role.ASSISTANT, (Part(CALL, '{"a":2}', "Read"),)),
            id="arguments of a call",
        ),
        pytest.param(
            Message(Role.TOOL, (Part(RESULT, "ok", call_id="1"),)),
            Message(Role.TOOL, (Part(RESULT, "ok", call_id="2"),)),
            id="id of a result",
        ),
        pytest.param(
            Message(Role.ASSISTANT, (Part(CALL, "", "ab", "c"),)),
            Message(Role.ASSISTANT, (Part(CALL, "", "a", "bc"),)),
            id="where one field ends",
        ),
    ],
)
def test_another_message_has_another_key(one: Message, other: Message) -> None:
    assert message_key(one) != message_key(other)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param('{"image_url":{"url":"data:image/png;base64,%s"}}', id="openai"),
        pytest.param('{"inlineData":{"mimeType":"image/png","data" : "%s"}}', id="gemini"),
    ],
)
def test_images_differ_by_their_bytes_only(form: str) -> None:
    one, other = (form % data for data in ("aGVsbG8=", "d29ybGQ="))
    assert message_key(IMAGE, one.encode()) != message_key(IMAGE, other.encode())
    assert message_key(IMAGE, one.encode()) == message_key(IMAGE, f"[{one}]".encode())


def test_a_text_with_a_lone_surrogate_has_a_key() -> None:
    assert len(message_key(user("\ud800"))) == KEY_BYTES


def test_an_answer_is_recognised_when_it_comes_back() -> None:
    sent_back = Message(Role.ASSISTANT, (Part(TEXT, " SUMMARY: all is well.\n"),))
    assert answer_key("SUMMARY: all is well.") == message_key(sent_back)


@pytest.mark.parametrize(
    ("role", "before", "found"),
    [
        pytest.param(Role.SYSTEM, "You are in agent mode.\n\n", True, id="end of the system message"),
        pytest.param(Role.USER, "", True, id="a message of its own"),
        pytest.param(Role.USER, "What does this mean? ", False, id="quoted by the person"),
    ],
)
def test_the_summary_that_the_ide_sends_back_is_found(role: Role, before: str, found: bool) -> None:
    text = f"{before}Previous conversation summary:\n\n The user fixes test_login."
    key = summary_key(Message(role, (Part(TEXT, text),)))
    assert key == (answer_key("The user fixes test_login.") if found else b"")


def test_a_message_without_a_summary_has_no_summary_key() -> None:
    assert summary_key(user("hello")) == b""
