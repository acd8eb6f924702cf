"""A chat request between two wire formats: what both can say, and nothing of how either says it.

Unlike `messages.Message`, which only describes, these values are written out again. What must survive to the byte
(arguments of calls, schemas, numbers, signatures) is kept as the JSON it came as.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from addons.domain.messages import Role


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    signature: str = ""
    """Google's thought signature of this part, as it came; "" where there is none. The same below."""


@dataclass(frozen=True, slots=True)
class Thought:
    """Reasoning text."""

    text: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """An image, a sound, a document: its bytes, or where they are."""

    mime_type: str
    """"" where only the address is known."""
    data: str = ""
    """Base64."""
    uri: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: bytes
    """A JSON object, as the model wrote it."""
    id: str = ""
    """"" where the wire format gave none, until `pairing` has."""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    text: str
    call_id: str = ""
    name: str = ""
    media: tuple[Media, ...] = ()


Part = Text | Thought | Media | Call | Result


@dataclass(frozen=True, slots=True)
class Turn:
    """A message. Results stand in turns of their own (`Role.TOOL`), right after the calls they answer."""

    role: Role
    parts: tuple[Part, ...]
    place: str = ""
    """Where it stood in the body, for errors: `messages[3]`."""

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(part for part in self.parts if isinstance(part, Call))


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    description: str = ""
    schema: bytes = b""
    """JSON Schema of the arguments; b"" where there are none."""


@dataclass(frozen=True, slots=True)
class ToolChoice:
    mode: Literal["auto", "none", "required"]
    names: tuple[str, ...] = ()
    """With `required`: one of these; empty: any."""


Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """JSON in the place of prose."""

    schema: bytes = b""
    """JSON Schema; b"": any JSON."""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A whole request."""

    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    choice: ToolChoice | None = None
    sampling: Mapping[str, bytes] = field(default_factory=dict)
    """Numbers and lists as JSON, under OpenAI's names: temperature, top_p, top_k, max_tokens, stop, n, seed,
    presence_penalty, frequency_penalty."""
    form: AnswerForm | None = None
    effort: Effort | None = None
    stream: bool = False
    include_usage: bool = False
    json_array: bool = False
    """See Reply."""
