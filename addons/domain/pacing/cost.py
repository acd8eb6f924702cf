"""What one request takes of each limit."""

from dataclasses import dataclass

from addons.domain.pacing.limit import TOKENS, LimitKind
from addons.domain.settings import Limits
from addons.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request."""

    tokens: int

    def of(self, kind: LimitKind) -> int:
        return self.tokens if kind in TOKENS else 1


def cost_of(prompt_tokens: int, max_output_tokens: int | None, limits: Limits) -> Cost:
    """Before the answer: the prompt's estimate, and the output it may ask for where the provider counts that too."""
    if not limits.counts_reserved_output:
        return Cost(prompt_tokens)
    reserved = limits.reserved_output if max_output_tokens is None else max_output_tokens
    return Cost(prompt_tokens + (reserved or 0))


def tokens_used(usage: Usage | None) -> int | None:
    """After the answer: prompt and completion; None where they are not known."""
    if usage is None or usage.prompt_tokens is None:
        return None
    return usage.prompt_tokens + (usage.completion_tokens or 0)
