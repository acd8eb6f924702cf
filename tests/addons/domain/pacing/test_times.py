import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.pacing.times import duration_ms, moment_ms

NOW_MS = 1_790_000_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2m59.56s", 179_560),
        ("7.66ms", 8),
        ("1h2m3s", 3_723_000),
        ("6m0s", 360_000),
        ("20s", 20_000),
        ("20.5s", 20_500),
        ("1d", 86_400_000),
        ("30", 30_000),
        (" 0.5 ", 500),
        ("0", 0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("2m later", None),
        ("", None),
        ("9" * 30, None),
    ],
)
def test_a_duration_is_read_in_each_spelling(text: str, expected: int | None) -> None:
    assert duration_ms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60", NOW_MS + 60_000),
        ("1m", NOW_MS + 60_000),
        (str(NOW_MS + 5_000), NOW_MS + 5_000),
        (str(NOW_MS // 1000 + 5), NOW_MS + 5_000),
        ("2026-09-21T14:13:25Z", 1_790_000_005_000),
        ("2026-09-21T16:13:25+02:00", 1_790_000_005_000),
        ("Mon, 21 Sep 2026 14:13:25 GMT", 1_790_000_005_000),
        ("99999999999999999", None),
        ("tomorrow", None),
        ("inf", None),
        ("NaN", None),
        ("", None),
    ],
)
def test_a_moment_is_read_in_each_spelling(text: str, expected: int | None) -> None:
    assert moment_ms(text, NOW_MS) == expected


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    duration_ms(text)
    moment_ms(text, NOW_MS)
