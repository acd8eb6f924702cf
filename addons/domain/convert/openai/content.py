"""The content of an OpenAI message: a string or typed parts, read from any dialect and written in the common one."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from addons.domain.convert.contract import ConvertError, Notes
from addons.domain.convert.conversation import Call, Media, Part, Text, Thought
from addons.domain.convert.fields import Fields, object_of
from addons.domain.wire.openai_parts import reasoning_text
from addons.domain.wire.values import as_dict, as_text, texts_of

MIME_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
}
"""By the end of an address; Google wants to be told."""
_SOUNDS = {"audio/wav": "wav", "audio/x-wav": "wav", "audio/mp3": "mp3", "audio/mpeg": "mp3"}


def read_content(message: Fields, notes: Notes) -> Iterator[Part]:
    """Its parts, whichever dialect they are in.

    :raises ConvertError: on a part that no other format can say.
    """
    raw = message.raw("content")
    if raw.startswith(b'"'):
        if text := message.text("content"):
            yield Text(text)
    elif raw:
        for index, item in enumerate(message.items("content")):
            if item.startswith(b'"'):
                yield Text(as_text(message.value("content")[index]))
            else:
                yield from _read_part(Fields(item, f"{message.place}.content[{index}]"), notes)


def _read_part(part: Fields, notes: Notes) -> Iterator[Part]:
    kind = part.text("type")
    if part.has("cache_control"):
        notes.add("cache_control left out")
    if kind == "thinking":
        yield Thought("".join(texts_of(part.value("thinking"))))
    elif kind in ("text", "refusal", "input_text", "output_text"):
        text = part.text("text") or part.text("refusal")
        signature = signature_of(part)
        if text or signature:
            yield Text(text, signature)
    elif kind in ("image_url", "input_image", "video_url"):
        address = part.value("image_url" if kind != "video_url" else kind)
        yield media_of(as_text(address) or as_text(as_dict(address).get("url")), part.place)
    elif kind == "input_audio":
        sound = part.child("input_audio")
        yield Media(f"audio/{sound.text('format') or 'wav'}", data=sound.text("data"))
    elif kind == "file" and (data := part.child("file").text("file_data")):
        media = media_of(data, part.place)
        yield Media(media.mime_type, data=media.data, name=part.child("file").text("filename"))
    elif kind == "reference":
        notes.add("a reference left out")  # Mistral's: which of its sources an answer is from
    else:
        raise ConvertError(f"{part.place}: a part of type {kind!r} has no counterpart")


def media_of(url: str, place: str) -> Media:
    """Of a data: URI or an address."""
    if not url.startswith("data:"):
        if not url:
            raise ConvertError(f"{place}: no address and no data")
        end = url.partition("?")[0].rpartition(".")[2].lower()
        return Media(MIME_TYPES.get(end, ""), uri=url)
    head, comma, data = url[5:].partition(",")
    if not comma:
        raise ConvertError(f"{place}: not a data: URI")
    mime_type, *options = head.split(";")
    if "base64" not in options:
        data = base64.b64encode(unquote_to_bytes(data)).decode()
    return Media(mime_type or "text/plain", data=data)


def signature_of(fields: Fields) -> str:
    """`extra_content.google.thought_signature`: where Google's own OpenAI endpoint has it, and Continue keeps it."""
    extra = as_dict(fields.value("extra_content")) if fields.raw("extra_content") else {}
    return as_text(as_dict(extra.get("google")).get("thought_signature"))


def signed(signature: str) -> dict[str, Any]:
    return {"extra_content": {"google": {"thought_signature": signature}}} if signature else {}


def read_reasoning(message: Fields) -> Iterator[Thought]:
    fields = (message.value("reasoning_content"), message.value("reasoning"))
    details = message.value("reasoning_details") if message.raw("reasoning_details") else None
    if text := reasoning_text(fields, details):
        yield Thought(text)


def read_call(call: Fields) -> Call:
    """One of `tool_calls`; the free text of a custom tool is kept under `_raw`."""
    custom = call.text("type") == "custom"
    function = call.child("custom" if custom else "function")
    return Call(
        name=function.text("name"),
        arguments=object_of(function.text("input" if custom else "arguments")),
        id=call.text("id"),
        signature=signature_of(call),
    )


def write_call(call: Call, *, name: str, index: int | None = None) -> dict[str, Any]:
    """:param index: of a call in a stream."""
    place = {} if index is None else {"index": index}
    function = {"name": name, "arguments": call.arguments.decode(errors="replace")}
    return place | {"id": call.id, "type": "function", "function": function} | signed(call.signature)


def write_texts(texts: Sequence[Text]) -> tuple[str | list[dict[str, Any]] | None, str]:
    """The texts of an assistant's message as its content, and the signature to stand beside it.

    One string, unless a signature belongs to a part of it only: signed parts are never put together.
    """
    signatures = [text.signature for text in texts if text.signature]
    if not signatures or (len(signatures) == 1 and texts[-1].signature):
        whole = "".join(text.text for text in texts)
        return (whole or None), (signatures[0] if signatures else "")
    return [{"type": "text", "text": text.text} | signed(text.signature) for text in texts], ""


def write_part(part: Text | Media, place: str) -> dict[str, Any]:
    """A part of a user's content.

    :raises ConvertError: on a kind of media that chat completions cannot carry.
    """
    if isinstance(part, Text):
        return {"type": "text", "text": part.text}
    if part.uri:
        return {"type": "image_url", "image_url": {"url": part.uri}}
    if part.mime_type.startswith("image/"):
        return {"type": "image_url", "image_url": {"url": data_uri(part)}}
    if part.mime_type in _SOUNDS:
        return {"type": "input_audio", "input_audio": {"data": part.data, "format": _SOUNDS[part.mime_type]}}
    if part.mime_type.startswith("text/"):
        return {"type": "text", "text": _decoded(part, place)}
    if part.mime_type == "application/pdf":
        return {"type": "file", "file": {"filename": part.name or "file.pdf", "file_data": data_uri(part)}}
    raise ConvertError(f"{place}: media of type {part.mime_type!r} has no counterpart")


def data_uri(media: Media) -> str:
    return f"data:{media.mime_type};base64,{media.data}"


def _decoded(media: Media, place: str) -> str:
    try:
        return base64.b64decode(media.data, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError) as error:
        raise ConvertError(f"{place}: media of type {media.mime_type!r} is not base64") from error
