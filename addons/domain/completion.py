"""Completion: all that is recorded of one LLM call.

The field names are the export columns (CSV header = JSON key = column of the table): units are in the names, and what
is not known is None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from addons.domain.composition import Large
from addons.domain.kinds import Kind
from addons.domain.message_list import MessageStep
from addons.domain.usage import UsageSource


class Source(StrEnum):
    PROXY = "proxy"
    """Seen on the wire."""
    LOGS = "logs"
    """Read from the IDE's log only."""
    LEGACY = "legacy"
    """Imported from a predecessor's sessions.db."""


class Outcome(StrEnum):
    OK = "ok"
    ERROR = "error"
    """The provider answered with an error, in its status or inside the stream."""
    CLIENT_ABORT = "client_abort"
    """The IDE hung up before the answer's end."""
    UPSTREAM_ABORT = "upstream_abort"
    """The provider could not be reached, or cut the answer."""
    BLOCKED = "blocked"
    """Answered here; nothing was sent to the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One call, as recorded when it has ended."""

    session_id: str | None
    """None for calls outside any conversation: autocomplete, embeddings, model lists."""
    session_name: str = ""
    project: str = ""
    started_at_ms: int
    """Milliseconds since 1970-01-01 UTC, when the request's head arrived."""
    source: Source = Source.PROXY
    provider: str
    """Key in providers.toml."""
    model: str
    """As forwarded."""
    routed_from: str = ""
    """`provider/model` as the client asked, where that is not what was called."""
    kind: Kind
    stream: bool
    status: int | None = None
    """HTTP status; None when no answer came."""
    outcome: Outcome
    error_class: str = ""
    error_message: str = ""
    """Scrubbed of keys and identifiers, at most 500 characters."""
    prompt_tokens_before: int | None = None
    """Estimate of the request as received."""
    prompt_tokens_sent: int | None = None
    """Estimate of the request as forwarded, by the same counter."""
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    usage_source: UsageSource | None = None
    context_window: int | None = None
    context_fill: float | None = None
    """0..1; prompt tokens (reported, else estimated) over the context window. Only for kinds that fill it."""
    memory_tokens: int | None = None
    memory_ratio: float | None = None
    masked_count: int = 0
    masked_tokens_saved: int = 0
    compressed_tokens_saved: int = 0
    epoch: bool = False
    """This request changed a prefix that had been sent before."""
    rate_wait_ms: float | None = None
    ttfb_ms: float | None = None
    """From the request's last byte received to the answer's first byte."""
    duration_ms: float | None = None
    overhead_ms: float | None = None
    """Our own share of the time before the request was forwarded."""
    cost_usd: float | None = None
    cost_unmodified_usd: float | None = None

    # Not exported: for the pages behind the rows.
    logged_at_ms: int | None = None
    """When the IDE's log told of the call; milliseconds since 1970-01-01 UTC."""
    logged_prompt_tokens: int | None = None
    """The IDE's own estimate, which leaves the tools out."""
    logged_completion_tokens: int | None = None
    turn: int | None = None
    """Which user message of its session the call works on, counted from 1; None outside a conversation."""
    message_count: int | None = None
    composition: Mapping[str, int] = field(default_factory=dict)
    """Estimated tokens as forwarded, by what they are: system, tools, memory, history, new (this turn), prompt."""
    parts: Mapping[str, int] = field(default_factory=dict)
    """The same tokens divided finer (`shares.PARTS`)."""
    tool_tokens: Mapping[str, int] = field(default_factory=dict)
    """Of the tool results among them, by tool."""
    largest: tuple[Large, ...] = ()
    """The largest messages, without their text."""
    messages: MessageStep | None = None
    """All of them, likewise: what they add to those of the session's previous request. None: it was not read."""
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of the request as forwarded and of the response: those that `headers.kept` lets through."""
    prompt_tokens_calibrated: int | None = None
    """`prompt_tokens_sent` x what was known of the model's own counting when the request was forwarded."""
    cost_uncached_usd: float | None = None
    """What the same request would have cost without the provider's prefix cache."""
    retry_of_ms: int | None = None
    """`started_at_ms` of the first try, where this is the client's repetition of it."""
    trace_id: str = ""
    """The provider's own id of the request, for a support case."""
    proxy_id: str = ""
    """Which proxy wrote the row, where several share a store."""
