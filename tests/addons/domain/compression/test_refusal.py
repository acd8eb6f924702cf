"""The answer to what no window takes."""

import json

from addons.domain.compression.refusal import STATUS, body, too_large
from addons.domain.provider_errors import classify_error

RETRIED = ("overloaded", "malformed json", "aborted", "premature close", "invalid api key", "insufficient balance")
REWORDED = ("maximum context length", "context_length_exceeded")


def test_the_message_says_how_much_is_too_much_and_what_to_do() -> None:
    message = too_large(41_234, 32_768, "kimi-for-coding")
    assert "about 41,234 tokens, and kimi-for-coding takes 32,768" in message
    assert "Start a new chat" in message
    assert not [word for word in (*RETRIED, *REWORDED) if word in message.lower()]


def test_it_has_the_form_of_the_providers_own_errors() -> None:
    assert json.loads(body("openai", "Too large")) == {
        "error": {"message": "Too large", "type": "proxy_limit", "code": "proxy_limit"}
    }
    assert json.loads(body("gemini", "Too large"))["error"] == {
        "code": 413,
        "message": "Too large",
        "status": "INVALID_ARGUMENT",
    }
    assert classify_error(STATUS, body("openai", "Too large")).message == "Too large"
