"""What a provider wants otherwise, done to a body; everything else keeps its bytes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain.convert import ConvertError
from addons.domain.quirks import apply_quirks
from addons.domain.settings import Quirks, parse

Json = dict[str, Any]
SHIPPED = Path(__file__).parents[3] / "providers.toml"
PROVIDERS = parse([("providers.toml", SHIPPED.read_text(encoding="utf-8"))]).providers


def body(*messages: Json, **fields: Any) -> bytes:
    return json.dumps({"model": "m", "messages": list(messages)} | fields).encode()


def changed(data: bytes, quirks: Quirks) -> Json:
    return dict(json.loads(apply_quirks(data, quirks)[0]))


CALL: Json = {"id": "call_1234", "type": "function", "function": {"name": "f", "arguments": "{}"}}
STEP: Json = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT: Json = {"role": "tool", "tool_call_id": "call_1234", "content": "R"}
USER: Json = {"role": "user", "content": "?"}
SIGNED: Json = {"extra_content": {"google": {"thought_signature": "s"}}}


def test_what_needs_no_change_keeps_its_bytes() -> None:
    data = b'{ "model":"m",\n "messages" : [ {"role":"user", "content":"\\u00e9 1.0"} ] , "temperature":1.0}'
    assert apply_quirks(data, Quirks()) == (data, ())


@pytest.mark.parametrize(
    ("quirks", "sent", "expected"),
    [
        (Quirks(strip_fields=("store",)), {"store": True, "user": "u"}, {"user": "u"}),
        (Quirks(only_fields=("model", "messages")), {"store": True}, {}),
        (Quirks(rename_fields={"seed": "random_seed"}), {"seed": 7}, {"random_seed": 7}),
        (Quirks(rename_fields={"seed": "random_seed"}), {"seed": 7, "random_seed": 8}, {"random_seed": 8}),
        (
            Quirks(
                only_fields=("model", "messages", "max_tokens"), rename_fields={"max_completion_tokens": "max_tokens"}
            ),
            {"max_completion_tokens": 5},
            {"max_tokens": 5},
        ),
        (Quirks(tool_choices=("auto", "none")), {"tool_choice": "required"}, {}),
        (Quirks(tool_choices=("auto", "none")), {"tool_choice": "auto"}, {"tool_choice": "auto"}),
        (Quirks(most_tools=2), {"tools": [1, 2, 3]}, {"tools": [1, 2]}),
        (Quirks(most_stops=4), {"stop": "x"}, {"stop": "x"}),
        (Quirks(most_stops=1), {"stop": ["a", "b"]}, {"stop": ["a"]}),
    ],
    ids=lambda value: str(value)[:60],
)
def test_fields_of_a_body(quirks: Quirks, sent: Json, expected: Json) -> None:
    assert changed(body(USER, **sent), quirks) == {"model": "m", "messages": [USER]} | expected


@pytest.mark.parametrize(
    ("quirks", "message", "expected"),
    [
        (Quirks(strip_message_fields=("name",)), USER | {"name": "Ada"}, USER),
        (
            Quirks(rename_message_fields={"reasoning_content": "reasoning"}),
            STEP | {"reasoning_content": "Hm"},
            STEP | {"reasoning": "Hm"},
        ),
        (Quirks(strip_null_fields=True), USER | {"tool_calls": None}, USER),
        (Quirks(strip_null_fields=True), STEP, STEP),
        (Quirks(), STEP | SIGNED, STEP),
        (Quirks(), STEP | {"tool_calls": [CALL | SIGNED]}, STEP),
        (
            Quirks(),
            {"role": "assistant", "content": [{"type": "text", "text": "A"} | SIGNED]},
            {"role": "assistant", "content": [{"type": "text", "text": "A"}]},
        ),
        (Quirks(thought_signatures=True), STEP | SIGNED, STEP | SIGNED),
        (Quirks(fill_reasoning=" "), STEP, STEP | {"reasoning_content": " "}),
        (Quirks(fill_reasoning=" "), STEP | {"reasoning_content": ""}, STEP | {"reasoning_content": " "}),
        (Quirks(fill_reasoning=" "), STEP | {"reasoning_content": "Hm"}, STEP | {"reasoning_content": "Hm"}),
        (Quirks(fill_reasoning=" "), {"role": "assistant", "content": "A"}, {"role": "assistant", "content": "A"}),
        (Quirks(fill_empty_content=" "), RESULT | {"content": ""}, RESULT | {"content": " "}),
        (
            Quirks(fill_empty_content=" "),
            RESULT | {"content": [{"type": "text", "text": ""}]},
            RESULT | {"content": " "},
        ),
        (Quirks(fill_empty_content=" "), RESULT, RESULT),
        (
            Quirks(drop_empty_content=True),
            STEP | {"content": [{"type": "text", "text": ""}]},
            {"role": "assistant", "tool_calls": [CALL]},
        ),
        (Quirks(drop_empty_content=True), {"role": "assistant", "content": ""}, {"role": "assistant", "content": ""}),
    ],
    ids=lambda value: str(value)[:60],
)
def test_fields_of_a_message(quirks: Quirks, message: Json, expected: Json) -> None:
    assert changed(body(USER, message), quirks)["messages"] == [USER, expected]


def test_ids_that_do_not_fit_are_replaced_alike_in_calls_and_results() -> None:
    other = CALL | {"id": "abcdefghi"}
    messages = changed(
        body(STEP | {"tool_calls": [CALL, other]}, RESULT, RESULT | {"tool_call_id": "abcdefghi"}),
        Quirks(tool_id_pattern="[a-zA-Z0-9]{9}"),
    )["messages"]
    first, second = (call["id"] for call in messages[0]["tool_calls"])
    assert [message["tool_call_id"] for message in messages[1:]] == [first, second]
    assert first != "call_1234"
    assert second == "abcdefghi"


def test_an_answer_is_put_between_a_result_and_the_user() -> None:
    messages = changed(body(STEP, RESULT, USER, USER), Quirks(between_tool_and_user="OK."))["messages"]
    assert messages == [STEP, RESULT, {"role": "assistant", "content": "OK."}, USER, USER]


def test_changes_are_noted_once_and_without_text() -> None:
    quirks = Quirks(strip_fields=("store",), strip_message_fields=("name",))
    _, notes = apply_quirks(body(USER | {"name": "Ada"}, USER | {"name": "Bob"}, store=1), quirks)
    assert notes == ("store left out", "name of a message left out")


@pytest.mark.parametrize("data", [b"", b"[]", b'{"messages": 3}', b'{"messages": [3]}'])
def test_what_is_no_request_is_refused(data: bytes) -> None:
    with pytest.raises(ConvertError):
        apply_quirks(data, Quirks())


MESSAGES = st.lists(
    st.sampled_from(
        [
            USER,
            USER | {"name": "n", "tool_calls": None},
            STEP | SIGNED | {"reasoning_content": "Hm", "prefix": True},
            STEP | {"content": "", "tool_calls": [CALL | SIGNED]},
            RESULT | {"content": ""},
            RESULT,
            {"role": "system", "content": "S"},
        ]
    ),
    max_size=6,
)


@pytest.mark.parametrize("key", sorted(PROVIDERS))
@settings(max_examples=30, deadline=None)
@given(messages=MESSAGES, more=MESSAGES)
def test_a_longer_history_begins_like_a_shorter_one_and_twice_changes_nothing(
    key: str, messages: list[Json], more: list[Json]
) -> None:
    quirks = PROVIDERS[key].quirks
    once, _ = apply_quirks(body(*messages, store=True, stream_options={"include_usage": True}), quirks)
    assert apply_quirks(once, quirks) == (once, ())
    shorter = json.loads(once)["messages"]
    longer = changed(body(*messages, *more, store=True), quirks)["messages"]
    assert longer[: len(shorter)] == shorter


@pytest.mark.parametrize("key", ["mistral", "codestral", "groq", "cerebras", "gemini-openai"])
def test_no_provider_that_refuses_it_is_sent_reasoning_content(key: str) -> None:
    message = changed(body(USER, STEP | {"reasoning_content": "Hm"}), PROVIDERS[key].quirks)["messages"][1]
    assert "reasoning_content" not in message


def test_mistral_gets_neither_stream_options_nor_an_id_it_refuses() -> None:
    sent = changed(
        body(USER, STEP, RESULT, seed=1, stream_options={"include_usage": True}), PROVIDERS["mistral"].quirks
    )
    assert "stream_options" not in sent
    assert sent["random_seed"] == 1
    assert len(sent["messages"][2]["tool_call_id"]) == 9


def test_what_mistral_gets_is_valid_by_its_own_sdk() -> None:
    models = pytest.importorskip("mistralai.client.models")
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    sent = changed(
        body(
            USER | {"name": "n"},
            STEP | {"reasoning_content": "Hm"},
            RESULT,
            USER,
            tools=[tool],
            max_completion_tokens=3,
        ),
        PROVIDERS["mistral"].quirks,
    )
    models.ChatCompletionRequest.model_validate(sent)
    assert set(sent) <= set(models.ChatCompletionRequest.model_fields)
