"""Parts of a Gemini content, in requests and in answers alike."""

from collections.abc import Iterator
from typing import Any

import msgspec

from addons.domain.convert.contract import ConvertError, Notes
from addons.domain.convert.conversation import Call, Media, Part, Result, Text, Thought
from addons.domain.convert.fields import Fields, raw
from addons.domain.convert.gemini.models import SIGNATURE_STAND_IN
from addons.domain.wire.contract import WireError
from addons.domain.wire.gemini import text_of_response

UNSAYABLE = ("executableCode", "codeExecutionResult", "toolCall", "toolResponse")
"""What Google's own tools say; no other format has a place for it."""


def read_result(function: Fields) -> Result:
    """A functionResponse."""
    try:
        text = text_of_response(msgspec.Raw(function.raw("response")))
    except WireError as error:
        raise ConvertError(f"{function.place}.response: {error}") from error
    media = [read_media(Fields(part, f"{function.place}.parts")) for part in function.items("parts")]
    return Result(text, function.text("id"), function.text("name"), tuple(found for found in media if found))


def read_spoken(part: Fields, notes: Notes) -> Iterator[Part]:
    """What a part that is no result says; nothing where it is empty and bears no signature."""
    signature = part.text("thoughtSignature")
    if signature == SIGNATURE_STAND_IN:
        signature = ""
    if part.raw("functionCall"):
        call = part.child("functionCall")
        arguments = call.raw("args") or b"{}"
        yield Call(call.text("name"), arguments, call.text("id"), signature)
    elif media := read_media(part):
        yield media
    elif part.raw("text") or signature:
        text = part.text("text")
        if text or signature:
            yield Thought(text, signature) if part.flag("thought") else Text(text, signature)
    else:
        for key in UNSAYABLE:
            if part.has(key):
                notes.add(f"{part.place}.{key} left out")


def read_media(part: Fields) -> Media | None:
    if part.raw("inlineData"):
        blob = part.child("inlineData")
        return Media(blob.text("mimeType"), data=blob.text("data"), name=blob.text("displayName"))
    if part.raw("fileData"):
        file = part.child("fileData")
        return Media(file.text("mimeType"), uri=file.text("fileUri"), name=file.text("displayName"))
    return None


def write_media(media: Media) -> dict[str, Any]:
    if media.data:
        return {"inlineData": {"mimeType": media.mime_type, "data": media.data}}
    return {"fileData": {"fileUri": media.uri} | ({"mimeType": media.mime_type} if media.mime_type else {})}


def write_spoken(part: Part, *, name: str, with_id: bool) -> dict[str, Any]:
    """A part that is no result, with its own signature where it has one.

    :param name: of a call, as the target spells it.
    """
    signed = {"thoughtSignature": part.signature} if not isinstance(part, (Media, Result)) and part.signature else {}
    match part:
        case Text(text):
            return {"text": text} | signed
        case Thought(text):
            return {"text": text, "thought": True} | signed
        case Media():
            return write_media(part)
        case Call():
            call: dict[str, Any] = {"name": name, "args": raw(part.arguments)}
            return {"functionCall": ({"id": part.id} if with_id and part.id else {}) | call} | signed
        case Result():
            raise TypeError("a result is no spoken part")
