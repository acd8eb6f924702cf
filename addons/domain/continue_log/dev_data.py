"""dev_data/0.2.0/tokensGenerated.jsonl: one line for each call to a model, with the IDE's own estimates."""

from datetime import UTC, datetime

import msgspec

from addons.domain.continue_log.event import LogEvent, LogKind

LOG = "tokensGenerated.jsonl"
_MOST_TOKENS = 10**9


class _Row(msgspec.Struct, rename="camel"):
    event_name: str
    timestamp: datetime
    model: str = ""
    provider: str = ""
    prompt_tokens: float | None = None
    generated_tokens: float | None = None


_ROW = msgspec.json.Decoder(_Row)


def read(record: str) -> LogEvent | None:
    """One line; None where it is not whole, or tells of something else."""
    try:
        row = _ROW.decode(record)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    prompt, generated = _tokens(row.prompt_tokens), _tokens(row.generated_tokens)
    if row.event_name != "tokensGenerated" or (prompt is None and generated is None):
        return None
    at = row.timestamp if row.timestamp.tzinfo else row.timestamp.replace(tzinfo=UTC)
    return LogEvent(
        log=LOG,
        kind=LogKind.USAGE,
        at_ms=round(at.timestamp() * 1000),
        model=row.model[:200],
        provider=row.provider[:60],
        prompt_tokens=prompt,
        generated_tokens=generated,
    )


def _tokens(value: float | None) -> int | None:
    return round(value) if value is not None and 0 <= value < _MOST_TOKENS else None
