"""What a completion cost, and what it would have cost without us. US dollars.

Prices are the list prices in providers.toml (source and date beside each); OpenRouter says the cost itself, and then
that counts. What is not known makes the cost None, never 0: no price, or no count.
"""

from dataclasses import replace

from addons.domain.settings import Cache, Model, Price
from addons.domain.usage import Usage

LONG_PROMPT_TOKENS = 200_000
"""From the first prompt token above it, all of a request has the `price_over_200k` (Gemini's price list)."""

PER_TOKEN = 1e-6
"""Prices are for one million tokens."""


def cost(usage: Usage, model: Model | None) -> float | None:
    """The cost as reported, else (prompt - cached) x input + cached x cached price + completion x output.

    Assumptions: a cached count that nobody gave is 0, and a cached price that is not known is the input price, so that
    the cost is rather too high than too low. Reasoning tokens are part of the completion tokens, and cost as much.
    """
    return usage.cost_usd if usage.cost_usd is not None else _by_list(usage, model)


def cost_unmodified(usage: Usage, model: Model | None, removed_tokens: int, lost_tokens: int = 0) -> float | None:
    """What the same request would have cost with the `removed_tokens` still in its prompt.

    `lost_tokens` are those that the rewrite itself took out of the prefix cache (an epoch): without us they would have
    been cached. Assumptions: the same share of the removed tokens would have been cached as of the rest of the prompt,
    and the completion would have been the same. Removed tokens below 0 are tokens that we added. Where the provider
    reported the cost, the list prices' difference is added.
    """
    if removed_tokens == 0 and lost_tokens == 0:
        return cost(usage, model)
    sent, unmodified = _by_list(usage, model), _by_list(_with_more(usage, removed_tokens, lost_tokens), model)
    if sent is None or unmodified is None:
        return None
    return unmodified if usage.cost_usd is None else max(0.0, usage.cost_usd + unmodified - sent)


def cost_uncached(usage: Usage, model: Model | None) -> float | None:
    """What the same request would have cost without the prefix cache; where the provider reported the cost, the list
    prices' difference is added."""
    if not usage.cached_tokens:
        return cost(usage, model)
    sent, uncached = _by_list(usage, model), _by_list(replace(usage, cached_tokens=0), model)
    if sent is None or uncached is None:
        return None
    return uncached if usage.cost_usd is None else max(usage.cost_usd, usage.cost_usd + uncached - sent)


def _with_more(usage: Usage, tokens: int, lost_tokens: int) -> Usage:
    if usage.prompt_tokens is None:
        return usage
    prompt = max(0, usage.prompt_tokens + tokens)
    cached = min(_cached(usage) + lost_tokens, usage.prompt_tokens)
    share = cached / usage.prompt_tokens if usage.prompt_tokens else 0.0
    return replace(usage, prompt_tokens=prompt, cached_tokens=round(prompt * share))


def _by_list(usage: Usage, model: Model | None) -> float | None:
    if model is None:
        return None
    price = _price(usage, model)
    cached = _cached(usage)
    fresh = usage.prompt_tokens - cached if usage.prompt_tokens is not None else None
    parts = (
        _part(fresh, price.input),
        _part(cached, price.input if price.cached is None else price.cached),
        _part(usage.completion_tokens, price.output),
    )
    known = [part for part in parts if part is not None]
    return sum(known) * PER_TOKEN if len(known) == len(parts) else None


def _price(usage: Usage, model: Model) -> Price:
    long = (usage.prompt_tokens or 0) > LONG_PROMPT_TOKENS
    return model.price_over_200k if long and model.price_over_200k is not None else model.price


def _cached(usage: Usage) -> int:
    """Never more than the prompt, whatever a provider reports."""
    return min(usage.cached_tokens or 0, usage.prompt_tokens or 0)


def _part(tokens: int | None, price: float | None) -> float | None:
    """Tokens x price; nothing for nothing: 0 where one of the two is 0, even if the other is not known."""
    if tokens == 0 or price == 0:
        return 0.0
    return None if tokens is None or price is None else tokens * price


def cached_share(model: Model | None, cache: Cache) -> float:
    """Price of a cached prompt token over that of a fresh one, 0..1: by the prices, else by the provider's discount.

    1 where the provider has no automatic cache: a repeated prefix is billed like any other.
    """
    if not cache.automatic:
        return 1.0
    price = model.price if model else None
    if price and price.input and price.cached is not None:
        return min(1.0, price.cached / price.input)
    return 1 - cache.discount
