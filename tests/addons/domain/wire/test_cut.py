import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.wire import Request, WireError
from addons.domain.wire.cut import cut_array, cut_object

SPACE = st.text(" \t\r\n", max_size=3)
# Half a surrogate pair cannot be encoded; the table below has one that is escaped.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def rendered(draw: st.DrawFn, value: Any) -> str:
    """JSON text of the value, with white space anywhere it may stand and strings escaped or not."""
    before, after = draw(SPACE), draw(SPACE)
    if isinstance(value, dict):
        pairs = [f"{draw(rendered(key))}:{draw(rendered(item))}" for key, item in value.items()]
        text = "{" + draw(SPACE) + ",".join(pairs) + "}"
    elif isinstance(value, list):
        text = "[" + draw(SPACE) + ",".join(draw(rendered(item)) for item in value) + "]"
    else:
        text = json.dumps(value, ensure_ascii=draw(st.booleans()))
        if isinstance(value, str) and draw(st.booleans()):
            text = text.replace("/", "\\/")
    return before + text + after


@st.composite
def objects(draw: st.DrawFn) -> tuple[dict[str, Any], bytes]:
    value = draw(st.dictionaries(TEXT, VALUES, max_size=6))
    return value, draw(rendered(value)).encode()


@st.composite
def arrays(draw: st.DrawFn) -> tuple[list[Any], bytes]:
    value = draw(st.lists(VALUES, max_size=6))
    return value, draw(rendered(value)).encode()


@given(objects())
def test_the_spans_of_an_object_hold_its_values(rendering: tuple[dict[str, Any], bytes]) -> None:
    value, body = rendering
    spans = cut_object(body)
    assert list(spans) == list(value)
    assert {key: json.loads(body[start:end]) for key, (start, end) in spans.items()} == value


@given(arrays())
def test_the_spans_of_an_array_hold_its_items(rendering: tuple[list[Any], bytes]) -> None:
    value, body = rendering
    assert [json.loads(body[start:end]) for start, end in cut_array(body)] == value


@given(objects(), st.data())
def test_replacing_one_span_changes_no_other_byte(rendering: tuple[dict[str, Any], bytes], data: st.DataObject) -> None:
    _, body = rendering
    request = Request(body=body, model="", stream=False, fields=cut_object(body))
    assert request.splice({}) == body
    if request.fields:
        start, end = data.draw(st.sampled_from(sorted(request.fields.values())))
        assert request.splice({(start, end): b"NEW"}) == body[:start] + b"NEW" + body[end:]


@given(objects())
def test_a_span_inside_a_body_is_cut_where_it_lies(rendering: tuple[dict[str, Any], bytes]) -> None:
    value, body = rendering
    outer = b'{"a": [1, ' + body + b"]}"
    item = cut_array(outer, cut_object(outer)["a"])[1]
    spans = cut_object(outer, item)
    assert {key: json.loads(outer[start:end]) for key, (start, end) in spans.items()} == value


@given(st.binary(max_size=40) | st.text('{}[]",:\\ 01eE.-+tfn/u', max_size=40).map(str.encode))
def test_any_bytes_are_cut_or_refused(body: bytes) -> None:
    try:
        spans = cut_object(body)
    except WireError:
        return
    assert set(spans) == set(json.loads(body))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"a":1',
        b'{"a":1}x',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":NaN}',
        b'{"\xff":1}',
        b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"a":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"b":2,"a":1}',
        b'{"a":1,"b":2,"a":3}',
        b'{"a":1,"\\u0061":1}',
    ],
    ids=[
        "empty",
        "an array",
        "null",
        "cut off",
        "something behind",
        "byte order mark",
        "NaN",
        "no UTF-8 in a key",
        "deeper than the stack",
        "a key twice",
        "a key twice with one value",
        "a key again behind another, same value",
        "a key again behind another",
        "a key twice, once escaped",
    ],
)
def test_what_cannot_be_cut_exactly_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        cut_object(body)


@pytest.mark.parametrize(
    "value",
    [b"1" * 10_000, b"1e999", b"-0.0", b"1.10", b'"\\/\\u00e9"', b"[ 1 , 2 ]", b'"\xff"'],
    ids=["a huge integer", "beyond a float", "minus zero", "a trailing zero", "needless escapes", "spaces", "no UTF-8"],
)
def test_a_value_keeps_its_bytes(value: bytes) -> None:
    body = b'{"a":' + value + b', "b": {}}'
    start, end = cut_object(body)["a"]
    assert body[start:end] == value


def test_half_a_surrogate_pair_keeps_its_bytes() -> None:
    body = rb'{"a": "\ud83d\ude00 \ud83d", "\udc00": ["\ud83d", 1]}'
    spans = cut_object(body)
    assert [body[start:end] for start, end in spans.values()] == [rb'"\ud83d\ude00 \ud83d"', rb'["\ud83d", 1]']
    assert [body[start:end] for start, end in cut_array(body, spans["\ufffd"])] == [rb'"\ud83d"', b"1"]


def test_deep_nesting_within_the_stack_is_cut() -> None:
    value = b"[" * 500 + b"]" * 500
    start, end = cut_object(b'{"a":' + value + b"}")["a"]
    assert end - start == len(value)
