import pytest

from addons.domain.pacing.cost import Cost, cost_of, tokens_used
from addons.domain.pacing.limit import LimitKind
from addons.domain.settings import Limits
from addons.domain.usage import Usage, UsageSource


@pytest.mark.parametrize(
    ("limits", "most", "expected"),
    [
        pytest.param(Limits(), 4096, 1000, id="the output does not count"),
        pytest.param(Limits(counts_reserved_output=True), 4096, 5096, id="reserved output counts"),
        pytest.param(Limits(counts_reserved_output=True), None, 1000, id="nothing is reserved"),
        pytest.param(Limits(counts_reserved_output=True, reserved_output=16384), None, 17384, id="Cerebras, absent"),
        pytest.param(Limits(counts_reserved_output=True, reserved_output=16384), 100, 1100, id="Cerebras, given"),
        pytest.param(Limits(reserved_output=16384), None, 1000, id="only where the output counts"),
    ],
)
def test_a_request_costs_what_the_provider_counts(limits: Limits, most: int | None, expected: int) -> None:
    cost = cost_of(1000, most, limits)
    assert cost == Cost(expected)
    assert cost.of(LimitKind.TOKENS_PER_MINUTE) == cost.of(LimitKind.TOKENS_PER_DAY) == expected
    assert cost.of(LimitKind.REQUESTS_PER_MINUTE) == cost.of(LimitKind.CONCURRENCY) == 1


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (None, None),
        (Usage(prompt_tokens=None, completion_tokens=5, source=UsageSource.REPORTED), None),
        (Usage(prompt_tokens=7, completion_tokens=None, source=UsageSource.REPORTED), 7),
        (Usage(prompt_tokens=7, completion_tokens=5, source=UsageSource.REPORTED), 12),
    ],
)
def test_afterwards_prompt_and_completion_count(usage: Usage | None, expected: int | None) -> None:
    assert tokens_used(usage) == expected
