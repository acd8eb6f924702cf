"""What is stored of an event."""

import json

from addons.domain.continue_log import LogEvent, LogKind, as_event
from addons.domain.events import Level


def test_what_the_log_does_not_say_is_left_out() -> None:
    event = as_event(LogEvent(log="core.log", kind=LogKind.STARTED, at_ms=7))
    assert (event.at_ms, event.kind, event.level, event.message) == (7, "ide_log", Level.INFO, "")
    assert event.data == {"log": "core.log", "what": "started"}


def test_a_request_that_does_not_fit_is_critical_with_its_figures() -> None:
    event = as_event(
        LogEvent(
            log="core.log",
            kind=LogKind.CONTEXT,
            at_ms=7,
            message="Not enough context",
            error_class="context",
            operation="llm/compileChat",
            figures={"context_length": 32_768.0, "tools_tokens": 2_941.0},
        )
    )
    assert event.level is Level.CRITICAL
    assert json.loads(json.dumps(dict(event.data))) == {
        "log": "core.log",
        "what": "context",
        "error_class": "context",
        "operation": "llm/compileChat",
        "context_length": 32_768.0,
        "tools_tokens": 2_941.0,
    }


def test_a_count_of_zero_is_said() -> None:
    event = as_event(LogEvent(log="cn.log", kind=LogKind.COMPACTION, at_ms=7, prompt_tokens=0))
    assert event.data["prompt_tokens"] == 0
