"""The body and the place of a request that goes to another model than its client asked for."""

from dataclasses import dataclass

import msgspec

from addons.domain import convert
from addons.domain.convert import ConvertError, Reply
from addons.domain.quirks import apply_quirks
from addons.domain.routes import NO_SIGNATURES, Signatures
from addons.domain.settings import Provider
from addons.domain.wire import Request, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Where a request goes, in what form."""

    body: bytes
    path: str
    """With the query."""
    reply: Reply | None = None
    """Where the answer comes in another wire format than the client's."""
    notes: tuple[str, ...] = ()
    """What was changed for the provider's sake; names of fields, never text."""


def other_model(body: bytes, span: Span | None, path: str, asked: str, model: str) -> Elsewhere:
    """Another model of the same provider: its name in the place of the other, every other byte as it was.

    :param span: where the model's name stands in the body, with its quotes; None where it stands in the path.
    :raises ConvertError: if it stands in neither.
    """
    if span:
        return Elsewhere(body=body[: span[0]] + msgspec.json.encode(model) + body[span[1] :], path=path)
    plain, mark, query = path.partition("?")
    start, slash, end = plain.rpartition("/")
    if not slash or ":" not in end:
        raise ConvertError(f"the request does not say {asked!r} where a model's name belongs")
    return Elsewhere(body=body, path=f"{start}/{model}:{end.rpartition(':')[2]}{mark}{query}")


def other_provider(
    request: Request, path: str, source: str, provider: Provider, model: str, signatures: Signatures = NO_SIGNATURES
) -> Elsewhere:
    """Another provider, in its own wire format and without what it refuses.

    :param request: as it would be forwarded, with all replacements done.
    :param path: the client's, with its query.
    :raises ConvertError: naming what cannot be said there.
    """
    if source == provider.wire == "gemini":
        moved = other_model(request.body, None, path, "", model)
        return Elsewhere(body=moved.body, path=f"{provider.base_path}/models/{_method(moved.path)}")
    if source == provider.wire:
        body = other_model(request.body, request.fields.get("model"), path, "", model).body
        body, notes = apply_quirks(body, provider.quirks)
        return Elsewhere(body=body, path=f"{provider.base_path}/chat/completions", notes=notes)
    made = convert.request(
        request.body,
        source,
        provider.wire,
        model=model,
        path=path,
        reduced_schemas=provider.quirks.reduced_schemas,
        signatures=signatures,
    )
    body, notes = made.body, made.notes
    if provider.wire == "openai":
        body, more = apply_quirks(body, provider.quirks)
        notes += more
    return Elsewhere(body=body, path=f"{provider.base_path}{made.path}", reply=made.reply, notes=notes)


def _method(path: str) -> str:
    """`M:method` and how it is streamed; never the key that Gemini's clients may put into the query."""
    plain, _, query = path.partition("?")
    framing = "?alt=sse" if "alt=sse" in query.split("&") else ""
    return plain.rpartition("/")[2] + framing
