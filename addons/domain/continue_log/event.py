"""One thing that a log of Continue tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from addons.domain.events import Event, Level

EVENT_KIND = "ide_log"
"""The kind of the stored events."""


class LogKind(StrEnum):
    STARTED = "started"
    STOPPED = "stopped"
    USAGE = "usage"
    """The IDE's own estimate of one call, written when the call has ended."""
    CONTEXT = "context"
    """A request that does not fit, and was not sent: it never reached the proxy."""
    ERROR = "error"
    RETRY = "retry"
    REQUEST = "request"
    """The provider's id of a request that it refused."""
    COMPACTION = "compaction"
    WARNING = "warning"


LEVELS = {LogKind.CONTEXT: Level.CRITICAL, LogKind.ERROR: Level.WARNING, LogKind.WARNING: Level.WARNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent:
    log: str
    """The file's name: core.log, cn.log, tokensGenerated.jsonl."""
    kind: LogKind
    at_ms: int
    """As the log says; core.log knows only seconds."""
    message: str = ""
    """An error's first line: scrubbed, without what it quotes, at most 200 characters."""
    error_class: str = ""
    """A value of `ErrorClass`, or empty where the words do not say."""
    status: int | None = None
    operation: str = ""
    """What the IDE was asked to do, such as `llm/streamChat`."""
    model: str = ""
    """As configured in Continue, which is as sent."""
    provider: str = ""
    """Continue's own word: `openai` is any provider of that wire format."""
    prompt_tokens: int | None = None
    generated_tokens: int | None = None
    figures: Mapping[str, float | str] = field(default_factory=dict)
    """What else the line gives, by name: `context_length`, `wait_s`, `request_id`, …"""


def as_event(event: LogEvent) -> Event:
    """For the store; what the log did not say is left out."""
    data = {
        "log": event.log,
        "what": str(event.kind),
        "error_class": event.error_class,
        "status": event.status,
        "operation": event.operation,
        "model": event.model,
        "provider": event.provider,
        "prompt_tokens": event.prompt_tokens,
        "generated_tokens": event.generated_tokens,
        **event.figures,
    }
    said = {name: value for name, value in data.items() if value not in (None, "")}
    level = LEVELS.get(event.kind, Level.INFO)
    return Event(at_ms=event.at_ms, kind=EVENT_KIND, level=level, message=event.message, data=said)
