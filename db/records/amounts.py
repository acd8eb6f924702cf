"""What one completion adds to the sums of its session and of its hour."""

from addons.domain.completion import Completion, Outcome

FAILED = frozenset({Outcome.ERROR, Outcome.UPSTREAM_ABORT})
"""What counts as an error: not a client that hung up, and not what was answered here on purpose."""

UNANSWERED = frozenset({Outcome.ERROR, Outcome.BLOCKED})
"""What is never billed, whatever its status: an error may come inside a stream that began with 200."""

SESSION_SUMS = (
    "completions",
    "errors",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "saved_tokens",
    "cost_usd",
    "cost_unmodified_usd",
    "cost_uncached_usd",
    "unpriced",
)
HOUR_SUMS = (*SESSION_SUMS, "reasoning_tokens", "memory_tokens")


def amounts(completion: Completion) -> dict[str, float]:
    """By the names of HOUR_SUMS; what is not known adds 0.

    Estimates count only where the provider began an answer: a refused request costs nothing and saves nothing.
    """
    answered = is_answered(completion)
    prompt = completion.prompt_tokens
    if prompt is None:
        prompt = completion.prompt_tokens_sent if answered else None
    before, sent = completion.prompt_tokens_before, completion.prompt_tokens_sent
    tokens = (prompt or 0) + (completion.completion_tokens or 0)
    cost, unmodified = completion.cost_usd, completion.cost_unmodified_usd
    return {
        "completions": 1,
        "errors": int(completion.outcome in FAILED),
        "prompt_tokens": prompt or 0,
        "cached_tokens": completion.cached_tokens or 0,
        "completion_tokens": completion.completion_tokens or 0,
        "reasoning_tokens": completion.reasoning_tokens or 0,
        "saved_tokens": before - sent if answered and before is not None and sent is not None else 0,
        "memory_tokens": (completion.memory_tokens or 0) if answered else 0,
        "cost_usd": cost or 0.0,
        # Without a price to compare with, the call is taken to have saved nothing.
        "cost_unmodified_usd": (cost or 0.0) if unmodified is None else unmodified,
        "cost_uncached_usd": (cost or 0.0) if completion.cost_uncached_usd is None else completion.cost_uncached_usd,
        "unpriced": int(cost is None and tokens > 0),
    }


def is_answered(completion: Completion) -> bool:
    status = completion.status
    return completion.outcome not in UNANSWERED and status is not None and 200 <= status < 300
