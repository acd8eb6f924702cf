"""The usage the simulator claims: a rule that a test can recompute, and a prefix cache like the providers'.

Tokens are a quarter of the bytes, rounded up, everywhere: on purpose not the count of `addons.domain.tokens`, because a
real provider's count differs from ours too, and calibration must have something to learn.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from addons.domain.usage import Usage
from addons.services.simulator.dialects import Dialect
from addons.services.simulator.received import Received
from addons.services.simulator.script import Answer

BYTES_PER_TOKEN = 4
BLOCK_TOKENS = 128
"""The prefix cache matches in blocks of this size; OpenAI's own figure (developers.openai.com, Prompt Caching)."""
PROMPT_USD, COMPLETION_USD = 0.55e-6, 3.2e-6
"""Per token, for OpenRouter's `usage.cost`: moonshotai/kimi-k2.6 at models.dev, 2026-07-02."""


def tokens(data: bytes | str) -> int:
    size = len(data.encode() if isinstance(data, str) else data)
    return -(-size // BYTES_PER_TOKEN)


class _Prompt(msgspec.Struct):
    """The parts of any provider's body that are prompt; everything else costs no tokens."""

    tools: msgspec.Raw = msgspec.Raw(b"")
    systemInstruction: msgspec.Raw = msgspec.Raw(b"")
    messages: list[msgspec.Raw] = []
    contents: list[msgspec.Raw] = []
    prompt: msgspec.Raw = msgspec.Raw(b"")
    suffix: msgspec.Raw = msgspec.Raw(b"")
    input: msgspec.Raw = msgspec.Raw(b"")
    query: msgspec.Raw = msgspec.Raw(b"")
    documents: list[msgspec.Raw] = []
    requests: list[msgspec.Raw] = []


def prompt_bytes(body: bytes) -> bytes:
    """What counts as prompt, in the order in which a provider renders it: a longer history continues a shorter one.

    :raises msgspec.ValidationError: if the body is not an object of any provider's.
    """
    parts = msgspec.json.decode(body, type=_Prompt)
    lists = (parts.messages, parts.contents, parts.documents, parts.requests)
    singles = (parts.tools, parts.systemInstruction, parts.prompt, parts.suffix, parts.input, parts.query)
    return b"".join([bytes(single) for single in singles] + [bytes(raw) for items in lists for raw in items])


def prompt_tokens(body: bytes) -> int:
    return max(1, tokens(prompt_bytes(body)))


def completion_usage(answer: Answer) -> tuple[int, int]:
    """Completion tokens and the reasoning tokens among them."""
    reasoning = tokens(answer.reasoning)
    calls = sum(tokens(call.name) + tokens(msgspec.json.encode(call.arguments)) for call in answer.tool_calls)
    return reasoning + tokens(answer.text) + calls, reasoning


@dataclass(slots=True)
class PrefixCache:
    """Remembers, per credential and model, the prefixes it has seen, for `lifetime_s` after their last use."""

    now_s: Callable[[], float]
    lifetime_s: float = 300.0
    _expiry: dict[bytes, float] = field(default_factory=dict)

    def cached_tokens(self, owner: str, prompt: bytes) -> int:
        """How many leading tokens were known already; from now on all of them are."""
        now, block = self.now_s(), BLOCK_TOKENS * BYTES_PER_TOKEN
        chain = hashlib.blake2b(owner.encode(), digest_size=16)
        known, unbroken = 0, True
        for start in range(0, len(prompt) - block + 1, block):
            chain.update(prompt[start : start + block])
            digest = chain.digest()
            unbroken = unbroken and self._expiry.get(digest, 0.0) > now
            known += BLOCK_TOKENS if unbroken else 0
            self._expiry[digest] = now + self.lifetime_s
        return known


def claim(dialect: Dialect, request: Received, model: str, answer: Answer, cache: PrefixCache) -> Usage:
    """What the provider of this dialect will state; what it never states is None."""
    prompt = prompt_bytes(request.body)
    cached = cache.cached_tokens(f"{request.credential} {model}", prompt)
    counted = max(1, tokens(prompt))
    completion, reasoning = completion_usage(answer)
    cost = counted * PROMPT_USD + completion * COMPLETION_USD
    return Usage(
        prompt_tokens=counted,
        cached_tokens=cached if dialect.reports_cached else None,
        completion_tokens=completion,
        reasoning_tokens=reasoning if dialect.reports_reasoning else None,
        cost_usd=round(cost, 8) if dialect.reports_cost else None,
    )
