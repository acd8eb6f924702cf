import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.masking.splice import splice
from addons.domain.wire.contract import WireError

OLD, NEW = "old ünï \n\ttext", 'new "text" \\ é \u2028 \U0001f600'

CASES = {
    "tool string": b'{ "role" : "tool", "tool_call_id":"c1",  "content": %s , "n":1.0, "x":{"b":1,"a":2} }',
    "part list": b'{"role":"user","content":[{"type":"text","text":%s,"cache_control":{"type":"ephemeral"}},'
    b'{"type":"image_url","image_url":{"url":"data:x"}},{"type":"text","text":"mine"}]}',
    "strings in a list": b'{"role":"tool","content":["first", %s]}',
    "gemini content": b'{"role":"user","parts":[{"functionResponse":{"id":"1","name":"f","response":{"content":%s}}}]}',
    "gemini output": b'{"parts":[{"function_response":{"name":"f","response":{"output": %s, "ok":true}}}]}',
    "gemini text": b'{"role":"user","parts":[{"inlineData":{"data":"x"}},{"text":%s,"thoughtSignature":"s=="}]}',
    "gemini plain response": b'{"parts":[{"functionResponse":{"name":"f","response":%s}}]}',
}


def spellings(text: str) -> list[bytes]:
    return [json.dumps(text).encode(), json.dumps(text, ensure_ascii=False).encode(), msgspec.json.encode(text)]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("spelling", range(3))
def test_only_the_changed_string_changes(name: str, spelling: int) -> None:
    raw = CASES[name] % spellings(OLD)[spelling]
    assert splice(raw, {OLD: NEW}) == CASES[name] % msgspec.json.encode(NEW)


@pytest.mark.parametrize("name", CASES)
def test_without_replacements_the_bytes_stay(name: str) -> None:
    raw = CASES[name] % spellings(OLD)[0]
    assert splice(raw, {}) == raw


def test_a_response_of_several_fields_is_replaced_as_a_whole() -> None:
    response = '{"rows": [1, 2.50], "next": null}'
    raw = f'{{"parts":[{{"functionResponse":{{"name":"f","response":{response}}}}}]}}'.encode()
    assert splice(raw, {response: "short"}) == (
        b'{"parts":[{"functionResponse":{"name":"f","response":{"output":"short"}}}]}'
    )


@pytest.mark.parametrize(
    "raw",
    [
        b'{"role":"model","parts":[{"text":"old","thought":true}]}',
        b'{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":"old"}}}]}',
        b'{"role":"assistant","content":"","reasoning_content":"old"}',
        b'{"role":"user","content":[{"type":"image_url","image_url":{"url":"old"}}]}',
        b'{"role":"user"}',
        b'{"role":"user","content":null}',
    ],
)
def test_what_must_never_change_is_not_found(raw: bytes) -> None:
    with pytest.raises(WireError, match="1 of 1 texts"):
        splice(raw, {"old": "new"})


@pytest.mark.parametrize("raw", [b"", b"[]", b"nonsense", b'{"content":"a"', b'{"content":"a","content":"b"}'])
def test_bytes_that_are_no_message_are_refused(raw: bytes) -> None:
    with pytest.raises(WireError):
        splice(raw, {"a": "b"})


plain = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=5), st.lists(st.text(), max_size=4), st.text())
def test_every_other_field_survives(fields: dict[str, Any], texts: list[str], new: str) -> None:
    parts = [{"type": "text", "text": text} for text in (*texts, OLD)]
    message = {**fields, "role": "tool", "content": parts}
    raw = json.dumps(message, indent=1).encode()
    spliced = json.loads(splice(raw, {OLD: new}))
    expected = [{"type": "text", "text": new if text == OLD else text} for text in (*texts, OLD)]
    assert spliced == {**message, "content": expected}
    assert list(spliced) == list(message)
