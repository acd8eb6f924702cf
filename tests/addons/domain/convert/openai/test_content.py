"""Contents of every dialect, and signatures in the places where they stand."""

import json
from typing import Any

import pytest

from addons.domain.convert.contract import ConvertError, Notes
from addons.domain.convert.conversation import Call, Media, Part, Text, Thought
from addons.domain.convert.fields import Fields
from addons.domain.convert.openai.content import (
    media_of,
    read_call,
    read_content,
    read_reasoning,
    write_call,
    write_part,
    write_texts,
)


def fields(value: dict[str, Any]) -> Fields:
    return Fields(json.dumps(value).encode(), "x")


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (None, []),
        ("", []),
        (" ", [Text(" ")]),
        (["a", {"type": "text", "text": "b"}], [Text("a"), Text("b")]),
        ([{"type": "text", "text": ""}], []),
        ([{"type": "refusal", "refusal": "no"}], [Text("no")]),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}], [Thought("Hm")]),
        ([{"type": "thinking", "thinking": "Hm", "signature": "x"}], [Thought("Hm")]),
        ([{"type": "image_url", "image_url": "https://x.test/a"}], [Media("", uri="https://x.test/a")]),
        ([{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}], [Text("a")]),
    ],
    ids=str,
)
def test_a_content_is_read(content: Any, parts: list[Part]) -> None:
    assert list(read_content(fields({"content": content}), Notes())) == parts


@pytest.mark.parametrize(
    "part",
    [{"type": "file", "file": {"file_id": "file-1"}}, {"type": "image_url", "image_url": {}}, {}],
    ids=["stored file", "no image", "nothing"],
)
def test_a_part_without_a_counterpart_is_named(part: dict[str, Any]) -> None:
    with pytest.raises(ConvertError, match=r"x\.content\[0\]"):
        list(read_content(fields({"content": [part]}), Notes()))


@pytest.mark.parametrize(
    ("url", "media"),
    [
        ("data:image/webp;base64,AAAA", Media("image/webp", data="AAAA")),
        ("data:,hi", Media("text/plain", data="aGk=")),
        ("https://x.test/a.JPG?q=1.png", Media("image/jpeg", uri="https://x.test/a.JPG?q=1.png")),
        ("gs://bucket/a.pdf", Media("application/pdf", uri="gs://bucket/a.pdf")),
    ],
)
def test_an_address_tells_what_is_there(url: str, media: Media) -> None:
    assert media_of(url, "x") == media


def test_data_without_a_comma_is_refused() -> None:
    with pytest.raises(ConvertError, match="place: not a data: URI"):
        media_of("data:image/png", "place")


@pytest.mark.parametrize(
    ("message", "thoughts"),
    [
        ({"reasoning_content": "Hm"}, [Thought("Hm")]),
        ({"reasoning": "Hm", "reasoning_details": [{"text": "Hm"}]}, [Thought("Hm")]),
        ({"reasoning_details": [{"text": "Hm"}]}, [Thought("Hm")]),
        ({"reasoning_content": ""}, []),
    ],
    ids=["Kimi", "OpenRouter", "details only", "empty"],
)
def test_reasoning_is_read_in_every_dialect(message: dict[str, Any], thoughts: list[Thought]) -> None:
    assert list(read_reasoning(fields(message))) == thoughts


def test_a_custom_tools_text_becomes_an_object() -> None:
    call = read_call(fields({"id": "a", "type": "custom", "custom": {"name": "n", "input": "text"}}))
    assert call == Call("n", b'{"_raw":"text"}', "a")


def test_a_call_comes_back_with_its_signature() -> None:
    call = Call("n", b'{"a": 1}', "id", "c2ln")
    assert read_call(fields(write_call(call, name="n"))) == call
    assert write_call(call, name="n", index=2)["index"] == 2


@pytest.mark.parametrize(
    ("texts", "content", "signature"),
    [
        ([], None, ""),
        ([Text("a"), Text("b")], "ab", ""),
        ([Text("a"), Text("b", "s")], "ab", "s"),
        ([Text("", "s")], None, "s"),
    ],
    ids=["none", "unsigned", "signed at the end", "a signature alone"],
)
def test_texts_become_one_string(texts: list[Text], content: str | None, signature: str) -> None:
    assert write_texts(texts) == (content, signature)


def test_texts_that_are_signed_apart_stay_apart() -> None:
    content, signature = write_texts([Text("a", "s"), Text("b")])
    assert isinstance(content, list)
    assert [part["text"] for part in content] == ["a", "b"]
    assert signature == ""


def test_media_that_chat_completions_cannot_carry_are_named() -> None:
    with pytest.raises(ConvertError, match="here: media of type 'video/mp4'"):
        write_part(Media("video/mp4", data="AA"), "here")
