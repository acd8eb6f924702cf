import pytest

from dashboard.data import Calibration, LiveRow
from dashboard.estimate_figures import by_request, deviations, errors


def row(sent: int | None, calibrated: int | None, reported: int | None, **fields: object) -> LiveRow:
    usual: dict[str, object] = dict.fromkeys(LiveRow.__slots__) | {
        "provider": "acme", "model": "large", "kind": "chat", "outcome": "ok", "usage_source": "reported",
        "prompt_tokens_sent": sent, "prompt_tokens_calibrated": calibrated, "prompt_tokens": reported,
    }  # fmt: skip
    return LiveRow(**(usual | fields))  # type: ignore[arg-type]


USELESS = [
    pytest.param(row(1, 1, 1_000, usage_source="estimated"), id="not reported"),
    pytest.param(row(1, 1, 1_000, kind="title"), id="no chat"),
    pytest.param(row(1, 1, 1_000, outcome="error"), id="failed"),
    pytest.param(row(1, None, 1_000), id="not calibrated"),
    pytest.param(row(None, 1, 1_000), id="not estimated"),
    pytest.param(row(1, 1, 0), id="nothing reported"),
]


def test_errors_are_of_what_was_reported_before_and_after_calibration() -> None:
    known = Calibration(provider="acme", model="large", ratio=1.1, observations=41)
    rows = [row(900, 990, 900, model="small"), row(900, 1_000, 1_000), row(1_300, 1_200, 1_000)]
    large, small = errors(rows, [known])
    assert (large.model, large.requests, large.ratio, large.reports) == ("large", 2, 1.1, 41)
    assert (large.before, large.after) == (pytest.approx(0.2), pytest.approx(0.1))
    assert (small.model, small.before, small.after, small.ratio) == ("small", 0, pytest.approx(0.1), None)


@pytest.mark.parametrize("useless", USELESS)
def test_what_says_nothing_of_the_estimate_is_left_out(useless: LiveRow) -> None:
    assert errors([useless], []) == []
    assert deviations([(1, useless)]) == []


def test_each_request_shows_both_estimates() -> None:
    found = deviations([(7, row(900, 1_010, 1_000))])
    assert [(one["number"], one["who"], round(one["off"], 3)) for one in found] == [
        (7, "before", -0.1),
        (7, "sent", 0.01),
    ]


def test_as_a_table_each_request_is_one_line() -> None:
    (line,) = by_request(deviations([(7, row(900, 1_010, 1_000))]))
    assert {name: round(value, 1) for name, value in line.items()} == {
        "number": 7, "counted": 1_000, "before": 900, "before-off": -10.0, "sent": 1_010, "sent-off": 1.0,
    }  # fmt: skip
