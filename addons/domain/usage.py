"""Token counts of one completion, and how far they can be trusted.

Rules that hold wherever a `Usage` appears: cached tokens are part of the prompt tokens, reasoning tokens are part of
the completion tokens, and a count that nobody gave is None, never 0.
"""

from dataclasses import dataclass
from enum import StrEnum


class UsageSource(StrEnum):
    """Who counted; `reported` beats `logged` beats `estimated`."""

    ESTIMATED = "estimated"
    """Counted here, with tiktoken's cl100k_base."""
    LOGGED = "logged"
    """Read from the IDE's log: the client's own estimate."""
    REPORTED = "reported"
    """Read from the provider's answer: what is billed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one completion, as one source gave them."""

    prompt_tokens: int | None = None
    """Everything sent, the cached part included."""
    cached_tokens: int | None = None
    """The part of the prompt tokens that the provider served from its prefix cache."""
    completion_tokens: int | None = None
    """Everything generated, reasoning included."""
    reasoning_tokens: int | None = None
    """The part of the completion tokens spent on reasoning."""
    cost_usd: float | None = None
    """What the provider itself says the completion cost (OpenRouter's `usage.cost`)."""
    source: UsageSource = UsageSource.REPORTED
