"""What a completion adds to the sums."""

from typing import Any

import pytest

from addons.domain.completion import Outcome
from db.records.amounts import amounts
from tests.db.stores import MakeCompletion

ESTIMATES = {"prompt_tokens_before": 900, "prompt_tokens_sent": 600, "memory_tokens": 50}
REPORTED = {"prompt_tokens": 1000, "cached_tokens": 800, "completion_tokens": 40, "reasoning_tokens": 10}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (REPORTED | ESTIMATES, {"prompt_tokens": 1000, "saved_tokens": 300, "memory_tokens": 50, "unpriced": 1}),
        (ESTIMATES, {"prompt_tokens": 600, "saved_tokens": 300, "unpriced": 1}),
        (REPORTED | {"cost_usd": 0.5, "cost_unmodified_usd": 0.7}, {"cost_usd": 0.5, "cost_unmodified_usd": 0.7}),
        (REPORTED | {"cost_usd": 0.5}, {"cost_unmodified_usd": 0.5, "unpriced": 0}),
        (REPORTED | {"cost_usd": 0.0}, {"unpriced": 0}),
        ({}, {"prompt_tokens": 0, "unpriced": 0, "errors": 0}),
        (ESTIMATES | {"status": 429, "outcome": Outcome.ERROR}, {"errors": 1, "prompt_tokens": 0, "saved_tokens": 0}),
        (ESTIMATES | {"outcome": Outcome.ERROR}, {"errors": 1, "prompt_tokens": 0, "unpriced": 0, "saved_tokens": 0}),
        (REPORTED | {"outcome": Outcome.ERROR}, {"errors": 1, "prompt_tokens": 1000, "unpriced": 1}),
        (ESTIMATES | {"status": None, "outcome": Outcome.UPSTREAM_ABORT}, {"errors": 1, "prompt_tokens": 0}),
        (ESTIMATES | {"outcome": Outcome.CLIENT_ABORT}, {"errors": 0, "prompt_tokens": 600}),
        (ESTIMATES | {"outcome": Outcome.BLOCKED}, {"errors": 0, "prompt_tokens": 0, "memory_tokens": 0}),
        (REPORTED | {"outcome": Outcome.UPSTREAM_ABORT}, {"errors": 1, "prompt_tokens": 1000}),
    ],
    ids=[
        "reported beats estimated",
        "estimated where nothing is reported",
        "priced",
        "no price to compare with",
        "free is a price",
        "nothing known",
        "refused by the provider",
        "refused inside the stream",
        "failed, but billed",
        "provider not reached",
        "client hung up",
        "answered here",
        "answer cut, usage known",
    ],
)
def test_amounts(make_completion: MakeCompletion, fields: dict[str, Any], expected: dict[str, float]) -> None:
    found = amounts(make_completion(**fields))
    assert {name: found[name] for name in expected} == expected
    assert found["completions"] == 1


def test_a_rewrite_that_made_the_request_longer_is_a_negative_saving(make_completion: MakeCompletion) -> None:
    found = amounts(make_completion(prompt_tokens_before=100, prompt_tokens_sent=120))
    assert found["saved_tokens"] == -20
