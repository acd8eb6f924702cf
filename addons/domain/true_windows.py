"""Context windows as the providers' own error messages tell them: they know better than any price list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LEAST, MOST = 1_000, 100_000_000
"""Tokens. What is outside is no context window."""
DAY_MS = 24 * 3600 * 1000
_READ_CHARS = 4_000
_NUMBER = r"(\d[\d,_]{2,12})"

_TOLD = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # OpenAI, vLLM, OpenRouter: "maximum context length is 8192 tokens"
        rf"maximum context length (?:is|of) {_NUMBER}",
        # Mistral: "Prompt contains 40000 tokens … too large for model with 32768 maximum context length"
        rf"model with {_NUMBER} maximum context length",
        # Kimi: "exceeded model token limit: 262144 (requested: 269030)"
        rf"model token limit: {_NUMBER}",
        # Gemini: "exceeds the maximum number of tokens allowed (1048576)"
        rf"maximum number of tokens allowed \({_NUMBER}\)",
        # Cerebras: "Current length is 70000 while limit is 65536"
        rf"current length is \d[\d,_]* while limit is {_NUMBER}",
        # Anthropic: "prompt is too long: 201130 tokens > 200000 maximum"
        rf"tokens > {_NUMBER} maximum",
        # SiliconFlow: "length of prompt_tokens must be less than max_seq_len 32768"
        rf"max_seq_len\W{{1,4}}{_NUMBER}",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueWindow:
    provider: str
    model: str
    tokens: int
    learned_at_ms: int


def window_told(message: str) -> int | None:
    """Tokens; None where the message says none. Limits of bytes are none.

    :param message: of an error of class `context`, as the provider wrote it.
    """
    for pattern in _TOLD:
        if found := pattern.search(message[:_READ_CHARS]):
            tokens = int(re.sub(r"[,_]", "", found[1]))
            return tokens if LEAST <= tokens <= MOST else None
    return None


def holding(known: Mapping[tuple[str, str], TrueWindow], now_ms: int, days: int) -> dict[tuple[str, str], int]:
    """Tokens by provider and model, without what was learned too long ago: plans change, and so do models."""
    return {key: each.tokens for key, each in known.items() if now_ms - each.learned_at_ms < days * DAY_MS}
