"""OpenAI-compatible ⇄ Gemini native: requests, answers, streams and errors, so that a client of one wire format is
served by a provider of the other without noticing.

`request` gives the provider's body and path, and a `Reply` that says how the client wants to be answered; `answer`,
`stream` and `error` take it and need to be told nothing else. Everything is a pure function of its arguments: the same
history gives the same bytes, and a longer one begins like it, which keeps the provider's prefix cache. What only one
provider wants is in `quirks`, to be applied to the body that comes out of here.
"""

from collections.abc import Mapping
from dataclasses import replace

from addons.domain.convert import errors
from addons.domain.convert.answers import signatures_of
from addons.domain.convert.contract import NO_NAMES, Converted, ConvertError, Failure, Notes, Reply
from addons.domain.convert.conversation import Ask, Call, Part
from addons.domain.convert.formats import format_named
from addons.domain.convert.streaming import StreamConverter
from addons.domain.wire.reader import framing_of

__all__ = [
    "ConvertError",
    "Converted",
    "Failure",
    "Reply",
    "StreamConverter",
    "answer",
    "error",
    "request",
    "signatures",
    "stream",
]


def request(
    body: bytes,
    source: str,
    target: str,
    *,
    model: str,
    path: str = "",
    reduced_schemas: bool = False,
    signatures: Mapping[str, str] = NO_NAMES,
) -> Converted:
    """The client's request as the provider takes it.

    :param source: wire format of the client, as `wire` in providers.toml; `target` that of the provider.
    :param model: as the provider calls it.
    :param path: the client's, with its query; where the format says it there, it tells whether the answer is streamed.
    :param reduced_schemas: whether the provider takes tool schemas in its own subset only.
    :param signatures: thought signatures of tool calls by id, as earlier answers gave them, for clients that do not
        send them back. The same must be given again with every later request, or the history changes.
    :raises ConvertError: naming what cannot be said in the other format; there is never a body that would be refused.
    """
    _require_utf_8(body)
    notes = Notes()
    ask = _signed(format_named(source).read_request(body, path, notes), signatures)
    written, target_path = format_named(target).write_request(ask, model, notes, reduced_schemas=reduced_schemas)
    spelt = {format_named(target).tool_name(name): name for name in _tool_names(ask)}
    return Converted(
        body=written,
        path=target_path,
        reply=Reply(
            client=source,
            provider=target,
            model=model,
            stream=ask.stream,
            include_usage=ask.include_usage,
            json_array=ask.json_array,
            names={there: own for there, own in spelt.items() if there != own},
        ),
        notes=notes.all(),
    )


def answer(body: bytes, reply: Reply, *, now_s: int = 0) -> bytes:
    """A whole answer; an error in its place stays one, in the client's form.

    :param now_s: when the answer was made, for formats that say so; Unix time.
    :raises ConvertError: if the body is no answer of the provider's format.
    """
    read = format_named(reply.provider).read_answer(body)
    if read.error:
        return errors.write_error(200, read.error, reply).body
    return format_named(reply.client).write_answer(read, reply, now_s)


def error(status: int, body: bytes, reply: Reply, headers: Mapping[str, str] | None = None) -> Failure:
    """An answer whose status says that it is an error.

    :param headers: of the provider's answer, names in lower case: they may say how long to wait.
    """
    failure = errors.write_error(status, body, reply, headers)
    # Google frames an error like the stream that was asked for.
    return replace(failure, body=b"[" + failure.body + b"]") if reply.json_array else failure


def signatures(body: bytes, reply: Reply) -> dict[str, str]:
    """The thought signatures in a whole answer, as `request` takes them; of a stream, its converter has them.

    :raises ConvertError: if the body is no answer of the provider's format.
    """
    return signatures_of(format_named(reply.provider).read_answer(body))


def stream(reply: Reply, content_type: str = "text/event-stream", *, now_s: int = 0) -> StreamConverter:
    """What converts a streamed answer while it passes.

    :param content_type: of the provider's answer; it tells the framings apart.
    """
    reader = format_named(reply.provider).stream_reader()
    writer = format_named(reply.client).stream_writer(reply, now_s)
    return StreamConverter(framing_of(content_type), reader, writer, reply)


def _require_utf_8(body: bytes) -> None:
    """What both formats have is taken over byte by byte, and must be JSON in the other one, too."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise ConvertError(f"body: byte {error.start} is not UTF-8") from error


def _signed(ask: Ask, signatures: Mapping[str, str]) -> Ask:
    if not signatures:
        return ask

    def signed(part: Part) -> Part:
        is_bare = isinstance(part, Call) and not part.signature and part.id in signatures
        return replace(part, signature=signatures[part.id]) if is_bare and isinstance(part, Call) else part

    return replace(ask, turns=tuple(replace(turn, parts=tuple(map(signed, turn.parts))) for turn in ask.turns))


def _tool_names(ask: Ask) -> set[str]:
    """Of the tools that may be called; the history may name others, which nobody will call any more."""
    return {tool.name for tool in ask.tools}
