"""Requests of OpenAI clients: what of them has a counterpart, and what is noted."""

import json
from typing import Any

import pytest

from addons.domain.convert.contract import ConvertError, Notes
from addons.domain.convert.conversation import AnswerForm, Ask, ToolChoice
from addons.domain.convert.openai.reading import read_request

Json = dict[str, Any]
USER: Json = {"role": "user", "content": "?"}


def read(notes: Notes | None = None, messages: list[Json] | None = None, **fields: Any) -> Ask:
    body = json.dumps({"model": "m", "messages": messages or [USER]} | fields).encode()
    return read_request(body, "", notes or Notes())


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("auto", ToolChoice("auto")),
        ("any", ToolChoice("required")),
        (None, None),
        ("sometimes", None),
        (
            {"type": "allowed_tools", "allowed_tools": {"tools": [{"type": "function", "function": {"name": "a"}}]}},
            ToolChoice("required", ("a",)),
        ),
    ],
    ids=str,
)
def test_a_tool_choice_is_read(choice: Any, expected: ToolChoice | None) -> None:
    assert read(tool_choice=choice).choice == expected


@pytest.mark.parametrize(
    ("fields", "effort"),
    [
        ({"reasoning_effort": "high"}, "high"),
        ({"reasoning": {"effort": "low"}}, "low"),
        ({"thinking": {"type": "disabled"}}, "none"),
        ({"thinking": {"type": "enabled"}}, None),
        ({"reasoning_effort": "enormous"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_an_effort_is_read_in_every_dialect(fields: Json, effort: str | None) -> None:
    assert read(**fields).effort == effort


def test_the_newer_limit_of_tokens_goes_first_and_null_is_none() -> None:
    assert read(max_tokens=1, max_completion_tokens=2, temperature=None).sampling == {"max_tokens": b"2"}


def test_json_is_asked_for() -> None:
    assert read(response_format={"type": "json_object"}).form == AnswerForm()
    assert read(response_format={"type": "text"}).form is None


def test_tools_that_are_no_functions_are_left_out() -> None:
    notes = Notes()
    tools = [
        {"type": "builtin_function", "function": {"name": "$web_search"}},
        {"function": {"name": "f", "strict": True}},
    ]
    assert [tool.name for tool in read(notes, tools=tools).tools] == ["f"]
    assert notes.all() == ("a tool of type builtin_function left out", "strict of a tool left out")


def test_what_has_no_counterpart_is_noted() -> None:
    notes = Notes()
    read(notes, logprobs=True, parallel_tool_calls=False, user="", logit_bias={"1": 2})
    assert notes.all() == ("logprobs left out", "parallel_tool_calls left out", "logit_bias left out")


def test_an_empty_message_is_left_out() -> None:
    notes = Notes()
    assert len(read(notes, [USER, {"role": "assistant", "content": ""}, USER]).turns) == 2
    assert notes.all() == ("an empty message left out",)


def test_a_result_without_an_id_is_refused() -> None:
    with pytest.raises(ConvertError, match=r"messages\[0\]\.tool_call_id: missing"):
        read(messages=[{"role": "tool", "content": "R"}])
