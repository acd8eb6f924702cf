"""Puts new texts into the raw bytes of one message; every other byte stays as the client sent it.

Part lists, cache_control, ids, key order, number spelling and unknown fields survive, because only the JSON strings
that hold a changed text are written anew.
"""

from collections.abc import Iterator, Mapping

import msgspec

from addons.domain.wire.contract import Span, WireError
from addons.domain.wire.cut import cut_array, cut_object
from addons.domain.wire.values import decode

_STRING = msgspec.json.Decoder(str)
_RESPONSE_KEYS = ("functionResponse", "function_response")


def splice(raw: bytes, texts: Mapping[str, str]) -> bytes:
    """The message with each text that is a key of `texts` replaced by its value.

    Looked at are OpenAI's `content` (a string, or the texts of its parts) and Gemini's `parts` (their texts, and the
    strings in a functionResponse's `response`; a response that is not one string is replaced by `{"output": …}` when
    its JSON as written is the key). Thoughts, calls and images are not looked at. Equal texts are replaced alike.

    :raises WireError: if the bytes are no JSON object, or lack one of the texts; nothing may be forwarded
        that is not what was decided.
    """
    fields = cut_object(raw)
    spans = _openai(raw, fields["content"]) if "content" in fields else _gemini(raw, fields.get("parts"))
    missing = set(texts)
    pieces: list[bytes] = []
    at = 0
    for (start, end), old, wrap in spans:
        new = texts.get(old)
        if new is None or start < at:
            continue
        missing.discard(old)
        encoded = msgspec.json.encode(new)
        pieces += (raw[at:start], b'{"output":' + encoded + b"}" if wrap else encoded)
        at = end
    if missing:
        raise WireError(f"message: {len(missing)} of {len(texts)} texts to replace are not in it")
    return b"".join((*pieces, raw[at:]))


Found = tuple[Span, str, bool]
"""Where a value lies, the text it is, and whether it is an object that a new text must be wrapped for."""


def _string(raw: bytes, span: Span) -> str | None:
    """The string at a span; None for another value."""
    if raw[span[0] : span[0] + 1] != b'"':
        return None
    return decode(_STRING, raw[span[0] : span[1]], "message")


def _strings(raw: bytes, span: Span) -> Iterator[Found]:
    text = _string(raw, span)
    if text is not None:
        yield span, text, False


def _openai(raw: bytes, content: Span) -> Iterator[Found]:
    yield from _strings(raw, content)
    if raw[content[0] : content[0] + 1] == b"[":
        for item in cut_array(raw, content):
            yield from _strings(raw, item)
            if raw[item[0] : item[0] + 1] == b"{" and (text := cut_object(raw, item).get("text")):
                yield from _strings(raw, text)


def _gemini(raw: bytes, parts: Span | None) -> Iterator[Found]:
    if parts is None or raw[parts[0] : parts[0] + 1] != b"[":
        return
    for part in cut_array(raw, parts):
        fields = cut_object(raw, part)
        thought = fields.get("thought", (0, 0))
        if "text" in fields and raw[thought[0] : thought[1]] != b"true":
            yield from _strings(raw, fields["text"])
        for key in _RESPONSE_KEYS:
            if key in fields and (response := cut_object(raw, fields[key]).get("response")):
                yield from _response(raw, response)


def _response(raw: bytes, response: Span) -> Iterator[Found]:
    """The whole response as it is written, and the strings in it; a key of `texts` is one or the other."""
    yield from _strings(raw, response)
    written = raw[response[0] : response[1]].decode(errors="replace")
    if written.startswith("{"):
        yield response, written, True
        for value in cut_object(raw, response).values():
            yield from _strings(raw, value)
