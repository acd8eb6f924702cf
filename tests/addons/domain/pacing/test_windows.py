import pytest

from addons.domain.pacing.limit import LimitKind
from addons.domain.pacing.windows import Window, window

RPM, RPD, TPM = LimitKind.REQUESTS_PER_MINUTE, LimitKind.REQUESTS_PER_DAY, LimitKind.TOKENS_PER_MINUTE


@pytest.mark.parametrize(
    ("kind", "limit", "most_portions", "expected"),
    [
        pytest.param(RPM, 60, None, Window(RPM, 60, 57, 1, 60), id="a minute's is used to 95 %"),
        pytest.param(RPM, 1, None, Window(RPM, 1, 1, 1, 60), id="at least one"),
        pytest.param(RPD, 2000, 1000, Window(RPD, 2000, 2000, 1, 86400), id="a day's is used up; requests are whole"),
        pytest.param(TPM, 2_000_000, None, Window(TPM, 2_000_000, 1_900_000, 1, 60), id="tokens, one by one"),
        pytest.param(TPM, 2_000_000, 1000, Window(TPM, 2_000_000, 950, 2000, 60), id="tokens, in portions"),
        pytest.param(LimitKind.CONCURRENCY, 30, None, None, id="no window"),
    ],
)
def test_a_limit_becomes_a_window(kind: LimitKind, limit: int, most_portions: int | None, expected: Window) -> None:
    assert window(kind, limit, 0.95, most_portions) == expected


@pytest.mark.parametrize(("amount", "portions"), [(0, 1), (1, 1), (2000, 1), (2001, 2), (9_000_000, 950)])
def test_portions_are_whole_and_never_more_than_there_are(amount: int, portions: int) -> None:
    assert Window(TPM, 2_000_000, 950, 2000, 60).portions_of(amount) == portions
