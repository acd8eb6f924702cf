"""`Usage` as each wire format writes it: one has thoughts inside the completion, the other beside it."""

from typing import Any

from addons.domain.usage import Usage


def openai_usage(usage: Usage, total: int | None) -> dict[str, Any]:
    prompt, completion = usage.prompt_tokens or 0, usage.completion_tokens or 0
    counts: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion if total is None else total,
    }
    if usage.cached_tokens is not None:
        counts["prompt_tokens_details"] = {"cached_tokens": usage.cached_tokens}
    if usage.reasoning_tokens is not None:
        counts["completion_tokens_details"] = {"reasoning_tokens": usage.reasoning_tokens}
    return counts


def gemini_usage(usage: Usage, total: int | None) -> dict[str, Any]:
    """Thoughts beside the candidates' tokens, as Google counts; the total holds both."""
    prompt, completion = usage.prompt_tokens or 0, usage.completion_tokens or 0
    thoughts = min(usage.reasoning_tokens or 0, completion)
    counts: dict[str, Any] = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": completion - thoughts,
        "totalTokenCount": prompt + completion,
    }
    if usage.cached_tokens is not None:
        counts["cachedContentTokenCount"] = usage.cached_tokens
    return counts | ({"thoughtsTokenCount": thoughts} if thoughts else {})
