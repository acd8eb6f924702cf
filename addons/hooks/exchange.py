"""Exchange: our working state for one flow, gone with it.

Stations read the flow and write on the exchange; only `Outgoing` touches the request. A station that fails marks the
exchange, and what the client sent goes on as it came.
"""

import logging
from dataclasses import dataclass, field, replace
from typing import Protocol
from weakref import WeakKeyDictionary

from mitmproxy import http

from addons.domain.convert import Reply
from addons.domain.facts import MessageFacts
from addons.domain.kinds import Kind
from addons.domain.messages import Message
from addons.domain.provider_errors import ProviderError
from addons.domain.providers import Endpoint
from addons.domain.reading import Reading
from addons.domain.sessions import Match
from addons.domain.settings import Model, Provider
from addons.domain.usage import Usage
from addons.domain.wire import FORMATS, Request, Span
from addons.services.pacing.passes import Pass

log = logging.getLogger(__name__)


class AnswerReader(Protocol):
    """Holds the answer while it passes."""

    def __call__(self, chunk: bytes) -> bytes:
        """Keep a copy of a chunk; the chunk itself."""
        ...

    def read(self) -> None:
        """Put what the answer said on the exchange."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asked for whose request goes elsewhere."""

    endpoint: Endpoint
    provider: Provider
    model_id: str
    calibration: float
    true_window: int | None

    @property
    def name(self) -> str:
        return f"{self.endpoint.provider}/{self.model_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """In what a forwarded request differs from the client's own, beside the replacements."""

    host: str = ""
    """"": the one that the client asks."""
    path: str = ""
    """With the query; "": the client's."""
    body: bytes | None = None
    """None: the client's, with the replacements."""
    key_env: str = ""
    """The environment variable with the key that takes the place of all credentials of the client; "": they stay."""
    reply: Reply | None = None
    """How to turn the answer into the client's wire format; None where it is in that already."""


@dataclass(slots=True, eq=False)
class Exchange:
    """Everything known of one call while it is under way; times in seconds of one monotonic clock, unless named _ms.

    Endpoint, provider and model are those that the request goes to; the wire format in the endpoint is the client's.
    """

    endpoint: Endpoint
    provider: Provider
    started_at_ms: int
    """Since 1970-01-01 UTC, when the request's head arrived."""
    project: str = ""

    request: Request | None = None
    """None where the body is not read: model lists, unknown operations, a body we could not parse."""
    model_id: str = ""
    stream: bool = False
    kind: Kind = Kind.OTHER
    reading: Reading | None = None
    match: Match | None = None
    session_id: str | None = None

    is_bypassed: bool = False
    """The client asked for this one request to go as it came."""
    replacements: dict[Span, bytes] = field(default_factory=dict)
    """What stations put in the place of slices of the body; applied once, by Outgoing."""
    masked_count: int = 0
    masked_tokens_saved: int = 0
    masked: dict[int, int] = field(default_factory=dict)
    """The same by message: index -> tokens saved."""
    covered: range = range(0)
    """The messages that a summary stands for, by index: none of them is forwarded."""
    is_summary_new: bool = False
    """Another text stands for them than in the session's previous request."""
    compressed_tokens_saved: int = 0
    cache_is_cold: bool = False
    """Nothing of the session's previous request is in the provider's prefix cache any more."""
    is_epoch: bool = False
    """A prefix that was sent before changes with this request."""
    lost_tokens: int = 0
    """Tokens that this epoch took out of the prefix cache."""
    rate_wait_ms: float | None = None
    """How long it waited for a rate limit; None where none applies to it."""
    rate_pass: Pass | None = None
    """What it takes of the provider's limits, until its answer has ended."""
    true_window: int | None = None
    """The model's context window as its provider's own messages told it; goes before that of the settings."""
    asked: Asked | None = None
    """What the client asked for, where the request goes elsewhere."""
    forward: Forward | None = None
    """How it goes there."""
    signatures: dict[str, str] = field(default_factory=dict)
    """Google's thought signatures of the tool calls in the answer, by id, where it is converted."""
    refusal: ProviderError | None = None
    """Why the request was answered here and not sent."""

    received_at_s: float | None = None
    """When the request's last byte was here; None if the client hung up before."""
    forwarded_at_s: float | None = None
    first_byte_at_s: float | None = None

    tap: AnswerReader | None = None
    usage: Usage | None = None
    answer_text: str = ""
    """What the person reads of the answer: a compaction's summary, and an estimate where nobody reports a count."""
    other_text: str = ""
    """What else was generated: reasoning, tool calls."""
    answer_error: bytes = b""
    """An error object inside a stream, or the start of an error's body."""
    answer_finished: bool = False
    answer_unread: bool = False
    """The answer passed, but what it said is not known: it is encoded as we cannot read it, or the tap failed."""

    calibration: float = 1.0
    """By which the model's own count of tokens is taken to differ from ours."""

    failures: list[str] = field(default_factory=list)
    """What failed, and what that means for the call; before the request is forwarded: nothing is rewritten."""
    recorded: bool = False

    @property
    def model(self) -> Model | None:
        return self.provider.model(self.model_id)

    @property
    def window(self) -> int | None:
        """The model's context window in tokens."""
        if self.true_window is not None:
            return self.true_window
        model = self.model
        return model.context_window if model else None

    @property
    def counted_window(self) -> int | None:
        """The same in tokens of our own counter: what estimates are compared with."""
        return round(self.window / self.calibration) if self.window is not None else None

    @property
    def sent_tokens(self) -> int | None:
        """Estimate of the request as it is forwarded."""
        return self.reading.total_tokens - self.saved_tokens if self.reading else None

    @property
    def calibrated_tokens(self) -> int | None:
        """The same as the model is taken to count it."""
        return round(self.sent_tokens * self.calibration) if self.sent_tokens is not None else None

    @property
    def target(self) -> tuple[str, str]:
        """Provider and model: whose prefix cache it is."""
        return self.endpoint.provider, self.model_id

    @property
    def saved_tokens(self) -> int:
        """By masking and compression."""
        return self.masked_tokens_saved + self.compressed_tokens_saved

    def keep_whole(self) -> None:
        """The request goes as it came: nothing is rewritten, and nothing is saved."""
        self.turn_back()
        self.replacements.clear()
        self.masked.clear()
        self.covered = range(0)
        self.masked_count = self.masked_tokens_saved = self.compressed_tokens_saved = self.lost_tokens = 0
        self.is_epoch = self.is_summary_new = False

    def turn_to(self, key: str, provider: Provider, model_id: str) -> None:
        """The request goes to that model instead; what is known of the model is for the caller to say."""
        if self.asked is None:
            self.asked = Asked(self.endpoint, self.provider, self.model_id, self.calibration, self.true_window)
        self.endpoint = replace(self.endpoint, provider=key, model=model_id if self.endpoint.model else "")
        self.provider, self.model_id, self.forward = provider, model_id, None

    def turn_back(self) -> None:
        """To what the client asked for."""
        asked, self.asked, self.forward = self.asked, None, None
        if asked:
            self.endpoint, self.provider, self.model_id = asked.endpoint, asked.provider, asked.model_id
            self.calibration, self.true_window = asked.calibration, asked.true_window

    @property
    def answer_wire(self) -> str:
        """The wire format that the answer comes in."""
        return self.forward.reply.provider if self.forward and self.forward.reply else self.endpoint.wire

    @property
    def facts(self) -> tuple[MessageFacts, ...]:
        """Of each message of the request, in order; none where it was not read."""
        return self.reading.messages if self.reading else ()

    def raw_message(self, index: int) -> bytes:
        assert self.request
        return self.request.raw(self.request.messages[index])

    def message(self, index: int) -> Message:
        """Decodes one message; negative indices count from the end.

        :raises WireError: if it is none of the wire format.
        """
        return FORMATS[self.endpoint.wire].parse_message(self.raw_message(index))


class Exchanges:
    """Which exchange belongs to which flow; a flow that nobody holds takes its exchange with it."""

    def __init__(self) -> None:
        self._by_flow: WeakKeyDictionary[http.HTTPFlow, Exchange] = WeakKeyDictionary()

    def open(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        self._by_flow[flow] = exchange

    def of(self, flow: http.HTTPFlow) -> Exchange | None:
        return self._by_flow.get(flow)

    def unfinished(self) -> list[tuple[http.HTTPFlow, Exchange]]:
        """What is still under way, for an orderly stop."""
        return [(flow, exchange) for flow, exchange in list(self._by_flow.items()) if not exchange.recorded]
