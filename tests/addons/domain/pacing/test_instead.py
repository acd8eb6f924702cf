import pytest

from addons.domain.pacing.instead import JSON, SSE, duration, nothing, too_long
from addons.domain.pacing.limit import LimitKind
from addons.domain.providers import Operation
from addons.domain.wire import FORMATS

RETRIED = ("overloaded", "malformed json", "aborted", "premature close", "rate limit exceeded", "maximum context")
"""What Continue tries again, or shows as something else; facts of its source."""


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize(
    ("wire", "operation", "sse"),
    [
        ("openai", Operation.CHAT, False),
        ("openai", Operation.COMPLETIONS, False),
        ("openai", Operation.FIM, False),
        ("gemini", Operation.CHAT, True),
        ("gemini", Operation.CHAT, False),
    ],
)
def test_an_empty_completion_is_read_as_one_by_its_wire_format(
    wire: str, operation: Operation, stream: bool, sse: bool
) -> None:
    content_type, body = nothing(wire, operation, "m", stream=stream, sse=sse)
    assert content_type == (SSE if stream and (wire == "openai" or sse) else JSON)
    if stream:
        reader = FORMATS[wire].stream_reader(content_type)
        events = reader.feed(body) + reader.close()
    else:
        events = [FORMATS[wire].answer_of_body(body)]
    assert any(event.finished for event in events)
    assert all((event.text, event.other_text, event.error) == ("", "", b"") for event in events)


@pytest.mark.parametrize(
    ("kind", "limit", "wait_s", "part"),
    [
        (
            LimitKind.REQUESTS_PER_MINUTE,
            60,
            118.2,
            "Acme allows 60 requests a minute, which is used up and free again in about 2 min",
        ),
        (
            LimitKind.TOKENS_PER_DAY,
            100_000,
            7300,
            "100,000 tokens a day, which is used up and free again in about 2 h 2 min",
        ),
        (LimitKind.CONCURRENCY, 1, 0, "1 requests at the same time, which is used up and not free yet"),
        (None, None, 30, "its rate limit, which is used up and free again in about 30 s"),
    ],
)
def test_the_reason_names_the_limit_and_when_it_is_free(
    kind: LimitKind | None, limit: int | None, wait_s: float, part: str
) -> None:
    message = too_long("Acme", kind, limit, wait_s, 60)
    assert part in message
    assert "max_wait_s" in message
    assert not any(words in message.lower() for words in RETRIED)


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (89, "89 s"), (90, "2 min"), (5400, "1 h 30 min")])
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text
