from dataclasses import fields

import pytest

from dashboard import sums
from dashboard.data import PeriodSavings, Savings


def period(**values: object) -> PeriodSavings:
    usual: dict[str, object] = {field.name: 0 for field in fields(PeriodSavings)} | {"provider": "p"}
    return PeriodSavings(**(usual | values))  # type: ignore[arg-type]


def whole(**values: object) -> Savings:
    return sums.total([period(**values)])


def test_the_steps_lead_from_received_to_sent() -> None:
    found = sums.steps(whole(before_tokens=1_000, masked_tokens=300, compressed_tokens=100, sent_tokens=600))
    assert [(bar["step"], bar["start"], bar["end"], bar["tokens"]) for bar in found] == [
        ("before", 0, 1_000, 1_000),
        ("masked", 700, 1_000, -300),
        ("compressed", 600, 700, -100),
        ("sent", 0, 600, 600),
    ]
    assert found[1]["share"] == pytest.approx(-0.3)
    assert found[1]["label"] == "Masked  -300"


def test_what_was_not_compressed_has_no_step() -> None:
    found = sums.steps(whole(before_tokens=1_000, sent_tokens=1_000))
    assert [bar["step"] for bar in found] == ["before", "masked", "sent"]
    assert sums.steps(whole()) == []


def test_spans_that_say_nothing_are_left_out() -> None:
    rows = [period(at_ms=0, reported_tokens=100, cached_tokens=40), period(at_ms=1)]
    assert [row["share"] for row in sums.shares(rows)] == [0.4]


def test_the_money_of_all_providers_is_added_up() -> None:
    rows = [
        period(at_ms=0, cost_usd=3.0, cost_unmodified_usd=1.0, priced=1, before_tokens=9, sent_tokens=5),
        period(at_ms=0, cost_usd=1.0, cost_unmodified_usd=1.5, priced=1),
        period(at_ms=7),
    ]
    (only,) = sums.nets(rows, span_ms=60_000)
    assert (only["usd"], only["tokens"]) == (-1.5, 4)
    assert (only["until"] - only["at"]).total_seconds() == 60
