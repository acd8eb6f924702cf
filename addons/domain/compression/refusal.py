"""The answer to a request that no model of its kind could take: readable, once, in the provider's own form."""

import msgspec

STATUS = 413
"""Continue shows it with its message and does not try again, nor does OpenAI's SDK."""
HEADERS = {"content-type": "application/json", "x-should-retry": "false"}
MOST_SHARE = 1.05
"""Of the window: an estimate up to so much above it may be wrong, and then the provider decides."""


def too_large(tokens: int, window: int, model: str) -> str:
    """What the person reads. The words avoid those that make clients try again or show something else."""
    return (
        f"[kimi proxy] This request has about {tokens:,} tokens, and {model} takes {window:,}, even with its older "
        "messages summarised. Start a new chat, attach less, or choose a model with a larger window. If the window is "
        "larger than that, set context_window in providers.toml."
    )


def body(wire: str, message: str) -> bytes:
    if wire == "gemini":
        return msgspec.json.encode({"error": {"code": STATUS, "message": message, "status": "INVALID_ARGUMENT"}})
    return msgspec.json.encode({"error": {"message": message, "type": "proxy_limit", "code": "proxy_limit"}})
