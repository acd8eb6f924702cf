"""What a client gets where a request is not sent: nothing to insert, or a reason that a person can read."""

import msgspec

from addons.domain.pacing.limit import LimitKind
from addons.domain.providers import Operation

SSE, JSON = "text/event-stream", "application/json"

_UNITS = {
    LimitKind.REQUESTS_PER_MINUTE: "requests a minute",
    LimitKind.REQUESTS_PER_DAY: "requests a day",
    LimitKind.TOKENS_PER_MINUTE: "tokens a minute",
    LimitKind.TOKENS_PER_DAY: "tokens a day",
    LimitKind.TOKENS_PER_MONTH: "tokens a month",
    LimitKind.CONCURRENCY: "requests at the same time",
}


def nothing(wire: str, operation: Operation, model: str, *, stream: bool, sse: bool) -> tuple[str, bytes]:
    """Content type and body of a completion that is empty and has ended.

    :param sse: Gemini alone streams in two ways: as events (`alt=sse`) or as one array.
    """
    if wire == "gemini":
        candidate = {"content": {"parts": [{"text": ""}], "role": "model"}, "finishReason": "STOP", "index": 0}
        body = msgspec.json.encode({"candidates": [candidate], "modelVersion": model})
        if not stream:
            return JSON, body
        return (SSE, b"data: " + body + b"\r\n\r\n") if sse else (JSON, b"[" + body + b"]")
    body = msgspec.json.encode(_openai(operation, model, stream))
    return (SSE, b"data: " + body + b"\n\ndata: [DONE]\n\n") if stream else (JSON, body)


def _openai(operation: Operation, model: str, stream: bool) -> dict[str, object]:
    """Mistral's fill-in-the-middle has the form of a chat; legacy completions have their own."""
    choice: dict[str, object] = {"index": 0, "finish_reason": "stop", "logprobs": None}
    if operation is Operation.COMPLETIONS:
        kind = "text_completion"
        choice["text"] = ""
    else:
        kind = "chat.completion.chunk" if stream else "chat.completion"
        choice["delta" if stream else "message"] = {"role": "assistant", "content": ""}
    return {"id": "kimi-proxy-not-sent", "object": kind, "created": 0, "model": model, "choices": [choice]}


def too_long(provider: str, kind: LimitKind | None, limit: int | None, wait_s: float, max_wait_s: int) -> str:
    """What the person reads. The words avoid those that make clients try again or show something else."""
    what = f"{limit:,} {_UNITS[kind]}" if kind in _UNITS and limit else "its rate limit"
    when = f"free again in about {duration(wait_s)}" if wait_s > 0 else "not free yet"
    return (
        f"[kimi proxy] Not sent: {provider} allows {what}, which is used up and {when}; requests wait at most "
        f"{max_wait_s} s here (max_wait_s in providers.toml). Try later, or choose another model."
    )


def duration(seconds: float) -> str:
    """For people: 45 s, 12 min, 3 h 20 min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
