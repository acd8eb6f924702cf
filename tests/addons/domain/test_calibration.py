import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.calibration import LEAST, LEAST_TOKENS, MOST, Calibration, Calibrations, start_factor


def learned(*reports: tuple[int, int]) -> Calibration:
    known = Calibrations()
    for at_ms, (estimated, reported) in enumerate(reports):
        known.observe("acme", "large", estimated, reported, at_ms)
    return known.of("acme", "large")


@pytest.mark.parametrize(
    ("provider", "model", "factor"),
    [
        ("kimi-code", "kimi-for-coding", 1.05),
        ("moonshot", "k3", 1.05),
        ("nvidia", "moonshotai/kimi-k2.5", 1.05),
        ("mistral", "codestral-2501", 1.15),
        ("mistral", "labs-7", 1.15),
        ("groq", "openai/gpt-oss-120b", 1.0),
        ("siliconflow", "Qwen/Qwen3-32B", 1.05),
        ("siliconflow", "deepseek-ai/DeepSeek-V3.2", 1.08),
        ("gemini", "gemini-2.5-flash", 1.1),
        ("openrouter", "anthropic/claude-opus-4", 1.2),
        ("cerebras", "zai-glm-4.7", 1.0),
    ],
)
def test_before_any_report_a_model_counts_as_its_family_does(provider: str, model: str, factor: float) -> None:
    assert start_factor(provider, model) == factor
    assert Calibrations().factor(provider, model) == factor


def test_the_ratio_comes_to_what_is_reported() -> None:
    assert learned(*[(10_000, 12_000)] * 20).ratio == pytest.approx(1.2, abs=0.03)


def test_the_calibrated_estimate_is_closer_than_the_plain_one() -> None:
    chance = random.Random(7)
    known = learned(*((20_000, round(20_000 * chance.gauss(1.25, 0.02))) for _ in range(60)))
    assert known.error_before == pytest.approx(0.2, abs=0.02)
    assert known.error_after < 0.05


def test_one_report_that_is_far_off_moves_the_ratio_by_little() -> None:
    good = [(10_000, 11_000)] * 30
    assert learned(*good, (10_000, 900_000)).ratio == pytest.approx(learned(*good).ratio, rel=0.01)
    assert learned(*good, (10_000, 1)).ratio == pytest.approx(learned(*good).ratio, rel=0.01)


def test_a_tenth_of_wild_reports_does_no_harm() -> None:
    reports = ([(10_000, 11_000)] * 9 + [(10_000, 500_000)]) * 10
    assert learned(*reports).ratio == pytest.approx(1.1, rel=0.05)


def test_it_follows_a_model_that_counts_otherwise_from_now_on() -> None:
    assert learned(*[(10_000, 10_000)] * 300, *[(10_000, 13_000)] * 100).ratio == pytest.approx(1.3, rel=0.03)


@pytest.mark.parametrize(("estimated", "reported"), [(LEAST_TOKENS - 1, 600), (1_000, 0), (1_000, -5), (0, 10)])
def test_what_is_too_short_or_not_reported_teaches_nothing(estimated: int, reported: int) -> None:
    known = Calibrations()
    assert known.observe("acme", "large", estimated, reported, 1) is None
    assert known.factor("acme", "large") == 1.0


def test_models_are_known_apart_and_again_after_a_restart() -> None:
    known = Calibrations()
    state = known.observe("acme", "large", 1_000, 1_200, 1)
    assert known.factor("acme", "small") == known.factor("other", "large") == 1.0
    assert state is not None
    restarted = Calibrations()
    restarted.load([state])
    assert restarted.of("acme", "large") == state


@given(st.lists(st.tuples(st.integers(LEAST_TOKENS, 10**9), st.integers(1, 10**12)), max_size=50))
def test_whatever_is_reported_the_ratio_stays_within_its_bounds(reports: list[tuple[int, int]]) -> None:
    known = learned(*reports)
    assert LEAST <= known.ratio <= MOST
    assert 0 <= known.error_after <= 1
