import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.pricing import cost, cost_uncached, cost_unmodified
from addons.domain.settings import Model, Price
from addons.domain.usage import Usage

KIMI = Model(price=Price(input=0.6, cached=0.1, output=3.0))
NO_CACHED = Model(price=Price(input=0.6, output=3.0))
FREE = Model(price=Price(input=0.0, cached=0.0, output=0.0))
GEMINI = Model(
    price=Price(input=1.25, cached=0.125, output=10.0), price_over_200k=Price(input=2.5, cached=0.25, output=15.0)
)
EMBEDDING = Model(price=Price(input=0.1, output=0.0))


@pytest.mark.parametrize(
    ("usage", "model", "usd"),
    [
        (Usage(1_000_000, 0, 0), KIMI, 0.6),
        (Usage(1_000_000, 1_000_000, 0), KIMI, 0.1),
        (Usage(100_000, 90_000, 1_000), KIMI, 0.006 + 0.009 + 0.003),
        (Usage(100_000, None, 1_000), KIMI, 0.06 + 0.003),
        (Usage(100_000, 90_000, 1_000), NO_CACHED, 0.06 + 0.003),
        (Usage(100_000, 200_000, 0), KIMI, 0.01),
        (Usage(1_000, 0, 500, reasoning_tokens=400), KIMI, 0.0006 + 0.0015),
        (Usage(200_000, 0, 1_000), GEMINI, 0.25 + 0.01),
        (Usage(200_001, 100_000, 1_000), GEMINI, 100_001 * 2.5e-6 + 0.025 + 0.015),
        (Usage(300_000, 0, 0), KIMI, 0.18),
        (Usage(1_000_000, 0, None), EMBEDDING, 0.1),
        (Usage(None, None, None), FREE, 0.0),
        (Usage(1_000, 0, 1_000, cost_usd=0.5), KIMI, 0.5),
        (Usage(1_000, 0, 1_000, cost_usd=0.0), KIMI, 0.0),
        (Usage(None, None, None, cost_usd=0.5), None, 0.5),
        (Usage(1_000, 0, 1_000), None, None),
        (Usage(1_000, 0, 1_000), Model(), None),
        (Usage(1_000, 0, 1_000), Model(price=Price(input=1)), None),
        (Usage(1_000, 0, 0), Model(price=Price(input=1)), 0.001),
        (Usage(1_000, 0, None), KIMI, None),
        (Usage(None, None, 1_000), KIMI, None),
    ],
    ids=[
        "input",
        "all cached",
        "cached is part of the prompt",
        "cached not counted",
        "cached price not known",
        "more cached than sent",
        "reasoning is part of the completion",
        "200k is not over 200k",
        "over 200k",
        "over 200k without a long price",
        "embedding",
        "free",
        "reported",
        "reported as nothing",
        "reported without a model",
        "no model",
        "no price",
        "no output price",
        "no output price and no output",
        "output not counted",
        "prompt not counted",
    ],
)
def test_a_completion_costs(usage: Usage, model: Model | None, usd: float | None) -> None:
    assert cost(usage, model) == (None if usd is None else pytest.approx(usd))


@pytest.mark.parametrize(
    ("usage", "model", "removed", "usd"),
    [
        (Usage(100_000, 50_000, 0), KIMI, 0, 0.03 + 0.005),
        (Usage(100_000, 50_000, 0), KIMI, 100_000, 2 * (0.03 + 0.005)),
        (Usage(100_000, 0, 1_000), KIMI, 100_000, 0.12 + 0.003),
        (Usage(100_000, 100_000, 0), KIMI, 100_000, 0.02),
        (Usage(100_000, 0, 0), KIMI, -50_000, 0.03),
        (Usage(100_000, 0, 0), KIMI, -200_000, 0.0),
        (Usage(150_000, 0, 0), GEMINI, 100_000, 250_000 * 2.5e-6),
        (Usage(100_000, 0, 0, cost_usd=0.05), KIMI, 0, 0.05),
        (Usage(100_000, 0, 0, cost_usd=0.05), KIMI, 100_000, 0.05 + 0.06),
        (Usage(100_000, 0, 0, cost_usd=0.05), None, 0, 0.05),
        (Usage(100_000, 0, 0, cost_usd=0.05), None, 1, None),
        (Usage(None, None, 0), KIMI, 1, None),
        (Usage(0, 0, 0), KIMI, 1_000_000, 0.6),
    ],
    ids=[
        "nothing removed",
        "half of it cached",
        "nothing cached",
        "all cached",
        "tokens added",
        "more added than sent",
        "would have been over 200k",
        "reported, nothing removed",
        "reported",
        "reported, no list price, nothing removed",
        "reported, no list price",
        "prompt not counted",
        "nothing sent",
    ],
)
def test_without_us_a_completion_would_have_cost(
    usage: Usage, model: Model | None, removed: int, usd: float | None
) -> None:
    assert cost_unmodified(usage, model, removed) == (None if usd is None else pytest.approx(usd))


COUNTS = st.none() | st.integers(0, 2_000_000)


@given(COUNTS, COUNTS, COUNTS, st.integers(0, 1_000_000))
def test_removing_tokens_never_makes_a_request_dearer(
    prompt: int | None, cached: int | None, completion: int | None, removed: int
) -> None:
    usage = Usage(prompt, cached, completion)
    sent, unmodified = cost(usage, GEMINI), cost_unmodified(usage, GEMINI, removed)
    assert (sent is None) == (unmodified is None)
    if sent is not None and unmodified is not None:
        assert 0 <= sent <= unmodified + 1e-6  # one token's rounding of the cached share


@pytest.mark.parametrize(
    ("usage", "model", "usd"),
    [
        pytest.param(Usage(100_000, 90_000, 1_000), KIMI, 0.06 + 0.003, id="all at the input price"),
        pytest.param(Usage(100_000, None, 1_000), KIMI, 0.06 + 0.003, id="cached not counted"),
        pytest.param(Usage(100_000, 90_000, 1_000), NO_CACHED, 0.06 + 0.003, id="no cached price"),
        pytest.param(Usage(100_000, 90_000, 1_000, cost_usd=0.5), KIMI, 0.5 + 90_000 * 0.5e-6, id="reported"),
        pytest.param(Usage(100_000, 0, 1_000, cost_usd=0.5), None, 0.5, id="reported, nothing cached"),
        pytest.param(Usage(100_000, 90_000, 1_000, cost_usd=0.5), None, None, id="reported, no prices"),
        pytest.param(Usage(100_000, 90_000, 1_000), None, None, id="no model"),
    ],
)
def test_without_the_cache_every_prompt_token_is_a_fresh_one(
    usage: Usage, model: Model | None, usd: float | None
) -> None:
    assert cost_uncached(usage, model) == (None if usd is None else pytest.approx(usd))
