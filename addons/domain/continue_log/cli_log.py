"""cn.log, of Continue's command line. Stamps are local time.

Debug lines (`--verbose`) are never looked at: they hold keys, prompts and answers.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from addons.domain.continue_log.event import LogEvent, LogKind
from addons.domain.continue_log.problems import problem, short

LOG = "cn.log"
BEGINS = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) \[[0-9a-f]{1,16}\] \[(\w{1,10})\]: ", re.ASCII)

LocalMs = Callable[[datetime], int]
"""Milliseconds since 1970-01-01 UTC of a time in this machine's zone."""

_COLOUR = re.compile(r"\x1b\[[\d;]{0,10}m")
_REFUSED = "Non-retryable LLM API error"
_NO_ROOM = ("Compaction failed to bring context under limit", "Failed to compact history")
_COMPACTS = ("Auto-compaction triggered", "Tool execution caused context overflow", "Successfully compacted")
_LEVELS = frozenset({"error", "warn", "info"})
_MOST_TOKENS = 10**9


def read(record: str, local_ms: LocalMs) -> LogEvent | None:
    """One record: a stamped line, with its stack. None where it tells nothing of ours."""
    stamp = BEGINS.match(record)
    if stamp is None or stamp[2] not in _LEVELS:
        return None
    try:
        at_ms = local_ms(datetime.fromisoformat(stamp[1]))
    except (ValueError, OverflowError, OSError):
        return None  # of no day, or of none that the machine's clock knows
    text = _COLOUR.sub("", record[stamp.end() :]).strip()
    line, _, stack = text.partition("\n")
    words, meta = _parted(line)
    if words.startswith((*_COMPACTS, *_NO_ROOM)):
        return _room(words, meta, at_ms)
    return _failure(words, meta, stack, at_ms) if stamp[2] == "error" else None


def _parted(line: str) -> tuple[str, dict[str, Any]]:
    """The words, and the JSON object that winston puts behind them."""
    words, brace, rest = line.partition(" {")
    try:
        meta = msgspec.json.decode(brace[1:] + rest) if brace else {}
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return words, {}
    return words, meta if isinstance(meta, dict) else {}


def _room(words: str, meta: dict[str, Any], at_ms: int) -> LogEvent:
    # logger.error(words, object) puts the object below "error"
    error = meta.get("error")
    inner = error if isinstance(error, dict) else meta
    tokens, limit = (_count(inner.get(name)) for name in ("inputTokens", "contextLimit"))
    return LogEvent(
        log=LOG,
        kind=LogKind.CONTEXT if words.startswith(_NO_ROOM) else LogKind.COMPACTION,
        at_ms=at_ms,
        message=short(words),
        error_class="context" if words.startswith(_NO_ROOM) else "",
        prompt_tokens=tokens,
        figures={} if limit is None else {"context_length": limit},
    )


def _failure(words: str, meta: dict[str, Any], stack: str, at_ms: int) -> LogEvent | None:
    status = _count(meta.get("status"))
    text = words.removeprefix(_REFUSED).strip()
    said = problem(text or stack, status if status is not None and 400 <= status < 600 else None)
    if not said.error_class and not words.startswith(_REFUSED):
        return None  # of cn itself: its files, hooks and services
    model = meta.get("model")
    return LogEvent(
        log=LOG,
        kind=LogKind.ERROR,
        at_ms=at_ms,
        message=said.message,
        error_class=said.error_class,
        status=said.status,
        model=model[:200] if isinstance(model, str) else "",
    )


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < _MOST_TOKENS:
        return None
    return round(value)
