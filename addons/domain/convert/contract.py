"""What a conversion takes and gives, in terms that no wire format owns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NO_NAMES: Mapping[str, str] = MappingProxyType({})


class ConvertError(ValueError):
    """A body that cannot be said in the other wire format; the message names the place and what is wrong with it.

    Seen by the person: routing records it as the reason why a request was not moved. Never holds the text of a message.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How the client wants to be answered; made with the request and handed to whatever converts the answer."""

    client: str
    """Wire format of the client."""
    provider: str
    """Wire format of the provider that answers."""
    model: str
    """As sent to the provider; stands in the answer where the provider does not name one."""
    stream: bool = False
    include_usage: bool = False
    """The client asked for usage in a stream (`stream_options.include_usage`)."""
    json_array: bool = False
    """A Gemini client that streams without `alt=sse`: one JSON array in the place of events."""
    names: Mapping[str, str] = field(default_factory=lambda: NO_NAMES)  # Python 3.11 takes it for mutable
    """Tool names that had to be spelt differently for the provider -> the client's own."""

    @property
    def content_type(self) -> str:
        """Of an answer that is no error."""
        return "text/event-stream" if self.stream and not self.json_array else "application/json"

    def own_name(self, name: str) -> str:
        return self.names.get(name, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A request in the other wire format."""

    body: bytes
    path: str
    """Below the provider's base path, with its query: `/chat/completions`, `/models/M:generateContent`, …"""
    reply: Reply
    notes: tuple[str, ...] = ()
    """What was left out or changed, for the record: names of fields, never text of messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error in the client's form."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """To set on the answer, lower case: `retry-after`, `retry-after-ms`."""


class Notes:
    """Gathers what a conversion leaves out; each thing is said once, in the order in which it was met."""

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}

    def add(self, note: str) -> None:
        self._seen.setdefault(note)

    def all(self) -> tuple[str, ...]:
        return tuple(self._seen)
