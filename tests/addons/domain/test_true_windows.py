"""Context windows in error messages."""

import pytest

from addons.domain.true_windows import DAY_MS, TrueWindow, holding, window_told


@pytest.mark.parametrize(
    ("message", "tokens"),
    [
        ("This endpoint's maximum context length is 8192 tokens. However, you requested about 9000 tokens", 8_192),
        ("Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)", 262_144),
        ("Prompt contains 40000 tokens, too large for model with 32768 maximum context length", 32_768),
        ("The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).", 1_048_576),
        ("Please reduce the length of the messages. Current length is 70000 while limit is 65536", 65_536),
        ("prompt is too long: 201,130 tokens > 200,000 maximum", 200_000),
        ("length of prompt_tokens must be less than max_seq_len: 131072", 131_072),
        ("total message size 2297152 exceeds limit 2097152", None),
        ("maximum context length is 12 tokens", None),
        ("Please reduce the length of the messages or completion.", None),
        ("", None),
    ],
)
def test_the_window_is_read_from_the_message(message: str, tokens: int | None) -> None:
    assert window_told(message) == tokens


def test_what_was_learned_long_ago_no_longer_holds() -> None:
    known = {("a", "b"): TrueWindow(provider="a", model="b", tokens=8_192, learned_at_ms=0)}
    assert holding(known, 7 * DAY_MS - 1, 7) == {("a", "b"): 8_192}
    assert holding(known, 7 * DAY_MS, 7) == {}
