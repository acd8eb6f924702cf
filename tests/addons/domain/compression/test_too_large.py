"""What the person reads of a request that no window takes."""

from addons.domain.compression.too_large import too_large

RETRIED = ("overloaded", "malformed json", "aborted", "premature close", "invalid api key", "insufficient balance")
REWORDED = ("maximum context length", "context_length_exceeded")


def test_the_message_says_how_much_is_too_much_and_what_to_do() -> None:
    message = too_large(41_234, 32_768, "kimi-for-coding")
    assert "about 41,234 tokens, and kimi-for-coding takes 32,768" in message
    assert "Start a new chat" in message
    assert not [word for word in (*RETRIED, *REWORDED) if word in message.lower()]
