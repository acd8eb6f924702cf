"""The answer to a request that is not sent: readable, once, in the provider's own form."""

import msgspec

STATUS = 413
"""Continue shows it with its message and does not try again, nor does OpenAI's SDK."""
HEADERS = {"content-type": "application/json", "x-should-retry": "false"}


def body(wire: str, message: str) -> bytes:
    if wire == "gemini":
        return msgspec.json.encode({"error": {"code": STATUS, "message": message, "status": "INVALID_ARGUMENT"}})
    return msgspec.json.encode({"error": {"message": message, "type": "proxy_limit", "code": "proxy_limit"}})
