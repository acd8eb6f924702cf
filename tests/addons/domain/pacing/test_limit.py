from addons.domain.pacing.limit import LimitKind, limits_of
from addons.domain.settings import Limits


def test_only_what_is_set_limits() -> None:
    assert limits_of(Limits()) == {}
    assert limits_of(Limits(requests_per_minute=3, concurrency=1)) == {
        LimitKind.REQUESTS_PER_MINUTE: 3,
        LimitKind.CONCURRENCY: 1,
    }
