"""core.log, which only the JetBrains core writes. Stamps are UTC without a Z; a chat error stands there twice."""

import re
from datetime import UTC, datetime

from addons.domain.continue_log.event import LogEvent, LogKind
from addons.domain.continue_log.problems import problem, short

LOG = "core.log"
BEGINS = re.compile(r"\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\] |\[info\] ", re.ASCII)
"""Each start of the core begins with a line that has no stamp."""

_HANDLER = re.compile(r'Error running handler for "([\w/.:-]{1,80})": {0,2}', re.ASCII)
_RETRY = re.compile(r"Hit rate limit\. Retrying in (\d{1,6}(?:\.\d{1,6})?) seconds? \(attempt (\d{1,6})\)", re.ASCII)
_REQUEST = re.compile(r"Request ID: ([\w.:-]{1,100}), Status: (\d{3})\b", re.ASCII)
_ERROR = re.compile(r"(?:\w{0,40}Error: |request to https?://)", re.ASCII)
_STREAMED = "Error in streamed response: "
_NOT_ENOUGH = "Not enough context available"
_COUNT = re.compile(
    r"- (contextLength|counting safety buffer|tools|system message|max output tokens): ~?(\d{1,12}(?:\.\d{1,6})?)",
    re.ASCII,
)
_REMAINING = re.compile(r"at least (\d{1,12}) tokens remaining", re.ASCII)
_NAMES = {
    "contextLength": "context_length",
    "counting safety buffer": "safety_buffer_tokens",
    "tools": "tools_tokens",
    "system message": "system_tokens",
    "max output tokens": "max_output_tokens",
}
_SAYS_NOTHING = "[object Object]"


def read(record: str) -> LogEvent | None:
    """One record: a stamped line, with its further lines. None where it tells nothing of ours."""
    stamp = BEGINS.match(record)
    at_ms = _utc_ms(stamp[1]) if stamp else None
    if stamp is None or at_ms is None:
        return None
    text = record[stamp.end() :].rstrip()
    return _notice(text, at_ms) or _failure(text, at_ms)


def _utc_ms(stamp: str | None) -> int | None:
    """None for a line without a stamp, or with that of no day."""
    try:
        return int(datetime.fromisoformat(stamp or "").replace(tzinfo=UTC).timestamp()) * 1000
    except ValueError:
        return None


def _notice(text: str, at_ms: int) -> LogEvent | None:
    if text.startswith("[info] Starting Continue core"):
        return LogEvent(log=LOG, kind=LogKind.STARTED, at_ms=at_ms)
    if text.startswith("[info] Exiting Continue core"):
        return LogEvent(log=LOG, kind=LogKind.STOPPED, at_ms=at_ms)
    if found := _RETRY.match(text):
        figures = {"wait_s": float(found[1]), "attempt": int(found[2])}
        kind, message = LogKind.RETRY, short(text)
        return LogEvent(log=LOG, kind=kind, at_ms=at_ms, message=message, error_class="rate", figures=figures)
    if found := _REQUEST.match(text):
        said = problem("", int(found[2]))
        return LogEvent(
            log=LOG,
            kind=LogKind.REQUEST,
            at_ms=at_ms,
            error_class=said.error_class,
            status=said.status,
            figures={"request_id": found[1]},
        )
    if text.startswith("Tool override warning: "):
        return LogEvent(log=LOG, kind=LogKind.WARNING, at_ms=at_ms, message=short(text))
    return None


def _failure(text: str, at_ms: int) -> LogEvent | None:
    handler = _HANDLER.match(text)
    operation = handler[1] if handler else ""
    rest = text[handler.end() :] if handler else text.removeprefix(_STREAMED)
    if (rest == text and not _ERROR.match(rest)) or rest.startswith(_SAYS_NOTHING):
        return None
    if _NOT_ENOUGH in rest[:200]:
        return _does_not_fit(rest, at_ms, operation)
    said = problem(rest)
    return LogEvent(
        log=LOG,
        kind=LogKind.ERROR,
        at_ms=at_ms,
        message=said.message,
        error_class=said.error_class,
        status=said.status,
        operation=operation,
    )


def _does_not_fit(text: str, at_ms: int, operation: str) -> LogEvent:
    """Continue refused a request itself. Figures may be fractions, and estimates."""
    figures = {_NAMES[name]: float(value) for name, value in _COUNT.findall(text)}
    if found := _REMAINING.search(text):
        figures["least_output_tokens"] = float(found[1])
    return LogEvent(
        log=LOG,
        kind=LogKind.CONTEXT,
        at_ms=at_ms,
        message=short(text.removeprefix("Error: ")),
        error_class="context",
        operation=operation,
        figures=figures,
    )
