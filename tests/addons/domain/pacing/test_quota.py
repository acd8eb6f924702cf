import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.pacing.limit import LimitKind, Told
from addons.domain.pacing.quota import Sample, told_by_usages, used_up_at_ms

NOW_MS = 1_790_000_000_000
HOUR_MS = 3_600_000
RESET = "2026-09-21T15:13:20Z"
RESET_MS = NOW_MS + HOUR_MS
FIVE, WEEK = LimitKind.QUOTA_5_HOURS, LimitKind.QUOTA_WEEK
DETAIL = {"limit": "100", "used": "6", "remaining": "94", "resetTime": RESET}
COUNTS = {
    "user": {"userId": "u", "membership": {"level": "LEVEL_STANDARD"}},
    "usage": {"limit": "100", "remaining": "98", "resetTime": RESET},
    "limits": [{"window": {"duration": 300, "timeUnit": "TIME_UNIT_MINUTE"}, "detail": DETAIL}],
    "parallel": {"limit": "30"},
}
SHARES = {
    "limits": [
        {
            "window": {"duration": 300, "timeUnit": "TIME_UNIT_MINUTE"},
            "detail": {"limit": "0", "used": "0", "remaining": "0", "resetTime": RESET},
        }
    ],
    "usages": {
        "limit_5h": {"used_ratio": 0, "reset_time": RESET},
        "limit_month_total": {"used_ratio": 0.0338, "reset_time": RESET},
        "limit_month_code": {"used_ratio": 1.2, "reset_time": RESET},
    },
}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(
            COUNTS,
            [
                Told(kind=WEEK, limit=100, remaining=98, reset_at_ms=RESET_MS),
                Told(kind=FIVE, limit=100, remaining=94, reset_at_ms=RESET_MS),
            ],
            id="counts, in strings",
        ),
        pytest.param(
            SHARES,
            [
                Told(kind=FIVE, limit=10_000, remaining=10_000, reset_at_ms=RESET_MS),
                Told(kind=LimitKind.QUOTA_MONTH, limit=10_000, remaining=9_662, reset_at_ms=RESET_MS),
                Told(kind=LimitKind.QUOTA_MONTH_CODE, limit=10_000, remaining=0, reset_at_ms=RESET_MS),
            ],
            id="shares",
        ),
        pytest.param(
            {"limits": [{"window": {"duration": 5, "timeUnit": "hour"}, "detail": {"limit": 10, "used": 3}}]},
            [Told(kind=FIVE, limit=10, remaining=7)],
            id="hours, numbers, without what is left",
        ),
        pytest.param({"limits": [{"window": {"duration": 60, "timeUnit": "TIME_UNIT_MINUTE"}}]}, [], id="other window"),
        pytest.param({"error": {"message": "no"}}, [], id="an error"),
        pytest.param([], [], id="no object"),
    ],
)
def test_both_forms_are_read(answer: object, expected: list[Told]) -> None:
    assert told_by_usages(json.dumps(answer).encode(), NOW_MS) == expected


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["limit", "detail", "window"]), inner),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries({"usage": json_values, "limits": json_values, "usages": json_values}), st.binary(max_size=9)
)
def test_no_answer_raises(answer: object, rubbish: bytes) -> None:
    told_by_usages(json.dumps(answer).encode(), NOW_MS)
    told_by_usages(rubbish, NOW_MS)


@pytest.mark.parametrize(
    ("remaining", "samples", "expected_ms"),
    [
        pytest.param(50, [], None, id="half of it since the beginning, four hours ago: enough until the reset"),
        pytest.param(10, [], NOW_MS + 4 * HOUR_MS // 9, id="a tenth is left after four hours"),
        pytest.param(50, [Sample(NOW_MS - HOUR_MS // 2, 0)], NOW_MS + HOUR_MS // 2, id="quicker since the last sample"),
        pytest.param(50, [Sample(NOW_MS - HOUR_MS, 50)], None, id="nothing used since"),
        pytest.param(
            10, [Sample(NOW_MS - 9 * HOUR_MS, 1)], NOW_MS + 4 * HOUR_MS // 9, id="a sample of the period before"
        ),
        pytest.param(10, [Sample(NOW_MS - 1, 80)], NOW_MS + 4 * HOUR_MS // 9, id="a moment ago tells nothing"),
        pytest.param(0, [], NOW_MS, id="used up"),
    ],
)
def test_it_is_told_when_a_quota_will_be_used_up(
    remaining: int, samples: list[Sample], expected_ms: int | None
) -> None:
    told = Told(kind=FIVE, limit=100, remaining=remaining, reset_at_ms=RESET_MS)
    assert used_up_at_ms(FIVE, told, samples, NOW_MS) == expected_ms


def test_nobody_can_say_without_a_reset() -> None:
    assert used_up_at_ms(FIVE, Told(kind=FIVE, limit=100, remaining=5), [], NOW_MS) is None
