"""An answer, or a piece of one, between two wire formats.

A piece of a stream has the shape of a whole answer: its parts are what it adds, its usage is the count so far.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from addons.domain.convert.conversation import Call, Part
from addons.domain.usage import Usage


class Finish(StrEnum):
    """Why the model stopped: OpenAI's words."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"
    ERROR = "error"
    """The provider failed in mid-answer and says no more (Mistral)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    index: int = 0
    parts: tuple[Part, ...] = ()
    finish: Finish | None = None
    native_finish: str = ""
    """The provider's own word, where `finish` says less."""
    refusal: str = ""
    """Why nothing was generated, for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    id: str = ""
    model: str = ""
    candidates: tuple[Candidate, ...] = ()
    usage: Usage | None = None
    total_tokens: int | None = None
    """As the provider gave it; it may count what no field does."""
    error: bytes = b""
    """An error in the place of an answer: a body that `error_bodies` reads."""
    ended: bool = False
    """The stream said that it was complete (`[DONE]`)."""


def signatures_of(answer: Answer) -> dict[str, str]:
    """Google's thought signatures of the tool calls in it, by the call's id."""
    parts = (part for candidate in answer.candidates for part in candidate.parts)
    return {part.id: part.signature for part in parts if isinstance(part, Call) and part.signature}


class PieceReader(Protocol):
    """Reads the events of one stream."""

    def read(self, data: bytes) -> Answer | None:
        """None: the event says nothing.

        :raises ConvertError: if it cannot be read.
        """
        ...


class PieceWriter(Protocol):
    """Writes the events of one stream, in the client's form."""

    def write(self, answer: Answer) -> bytes: ...

    def fail(self, error: bytes) -> bytes:
        """An error, in the client's form, as the last event."""
        ...

    def close(self) -> bytes:
        """The end, where the stream has come to one; nothing where it was cut."""
        ...
