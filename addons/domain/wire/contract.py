"""The small interface behind which every wire format stands.

A request body is cut, not decoded: `parse_request` finds where each message lies in the bytes, `parse_message` decodes
one of them, and `Request.splice` puts new bytes in the place of some and leaves every other byte as it came. Numbers,
escapes, unknown fields, key order and white space therefore survive a rewrite, and without one nothing is serialised.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from addons.domain.messages import Message
from addons.domain.usage import Usage


class WireError(ValueError):
    """The bytes are not what the wire format says; the request is forwarded as it came. Seen in the log only."""


Span = tuple[int, int]
"""Start and end of a slice of the body, in bytes; the end is not part of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request body, cut where its messages lie."""

    body: bytes
    model: str
    """"" where the path names it (Gemini) or nothing does."""
    stream: bool
    messages: tuple[Span, ...] = ()
    """Each message (OpenAI) or content (Gemini), in order."""
    system: Span | None = None
    """Gemini's systemInstruction; None in OpenAI's formats, where system messages are among the messages."""
    tools: Span | None = None
    """The tool definitions, as one JSON array."""
    prompt: str = ""
    """Legacy, fill-in-the-middle: prompt and suffix, joined. Embeddings, rerank: the texts of the input."""
    max_output_tokens: int | None = None
    fields: Mapping[str, Span] = field(default_factory=dict, hash=False, compare=False)
    """Where the value of each top-level field lies, in the body's order: `model`, `messages`, …"""

    def raw(self, span: Span) -> bytes:
        return self.body[span[0] : span[1]]

    def splice(self, replacements: Mapping[Span, bytes]) -> bytes:
        """The body with the given slices replaced; every other byte as it came."""
        pieces: list[bytes] = []
        at = 0
        for (start, end), new in sorted(replacements.items()):
            pieces += (self.body[at:start], new)
            at = end
        pieces.append(self.body[at:])
        return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """What one event of a streamed answer tells."""

    usage: Usage | None = None
    text: str = ""
    """Text for the person, so far as this event carries it."""
    other_text: str = ""
    """What else was generated and counts as completion tokens: reasoning, names and arguments of tool calls."""
    error: bytes = b""
    """An error inside a stream whose status was 200, as a JSON body that `classify_error` reads."""
    finished: bool = False
    """A finish reason or `[DONE]` was in it."""


class StreamReader(Protocol):
    """Reads a copy of a streamed answer; bytes arrive cut anywhere. Never raises: what it cannot read, it skips."""

    def feed(self, chunk: bytes) -> list[StreamEvent]: ...

    def close(self) -> list[StreamEvent]:
        """What was left in the buffer at the end."""
        ...


class WireFormat(Protocol):
    name: str
    """As `wire` in providers.toml."""

    def parse_request(self, body: bytes) -> Request:
        """:raises WireError: if it is not a JSON object of this format."""
        ...

    def parse_message(self, raw: bytes) -> Message:
        """:raises WireError: if it is not a message of this format."""
        ...

    def parse_system(self, raw: bytes) -> Message:
        """The value at `Request.system` as a system message.

        :raises WireError: if it is none.
        """
        ...

    def answer_of_body(self, body: bytes) -> StreamEvent:
        """Usage and text of an answer that was not streamed; empty where there is none. Never raises."""
        ...

    def stream_reader(self, content_type: str, *, want_text: bool = True) -> StreamReader:
        """A new reader; the content type tells the framings apart (SSE, Gemini's JSON array).

        Without `want_text` the events tell of usage, errors and the end only.
        """
        ...
