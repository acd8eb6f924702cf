import json

import pytest

from dashboard.data import LimitRow, ProxySign
from dashboard.headroom import headroom, waiting

NOW = 1_800_000_000_000


def seen(remaining: int | None, limit: int | None, reset_at_ms: int | None = NOW + 1) -> LimitRow:
    return LimitRow(provider="groq", model="", kind="requests_per_minute", basis="reported", limit=limit,
                    remaining=remaining, reset_at_ms=reset_at_ms, full_at_ms=None, seen_at_ms=NOW)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "share", "level"),
    [
        pytest.param(seen(60, 60), 1.0, "enough", id="whole"),
        pytest.param(seen(25, 100), 0.25, "enough", id="a quarter"),
        pytest.param(seen(24, 100), 0.24, "low", id="less than a quarter"),
        pytest.param(seen(10, 100), 0.10, "low", id="a tenth"),
        pytest.param(seen(9, 100), 0.09, "very low", id="less than a tenth"),
        pytest.param(seen(-3, 100), 0.0, "very low", id="overdrawn"),
        pytest.param(seen(120, 100), 1.0, "enough", id="more than the limit"),
        pytest.param(seen(0, 100, NOW), 1.0, "enough", id="reset since"),
        pytest.param(seen(None, 100, NOW), 1.0, "enough", id="reset since, the rest never told"),
        pytest.param(seen(0, 100, None), 0.0, "very low", id="no reset told"),
        pytest.param(seen(None, 100), None, "enough", id="rest not known"),
        pytest.param(seen(5, None), None, "enough", id="limit not known"),
        pytest.param(seen(0, 0), None, "enough", id="no such limit"),
    ],
)
def test_what_is_left_of_a_limit(row: LimitRow, share: float | None, level: str) -> None:
    found = headroom(row, NOW)
    assert (found.share, found.level) == (share, level)


def test_who_waits_longest_is_first_of_all_proxies() -> None:
    def sign(*since_ms: int) -> ProxySign:
        return ProxySign("p", NOW, NOW, None, "", "", 0, 0, "", json.dumps([{"since_ms": at} for at in since_ms]))

    assert waiting([sign(30, 10), sign(), sign(20)]) == [{"since_ms": 10}, {"since_ms": 20}, {"since_ms": 30}]
