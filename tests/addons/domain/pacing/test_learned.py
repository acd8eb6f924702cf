import pytest

from addons.domain.pacing.cost import Cost
from addons.domain.pacing.learned import FIRST_PAUSE_MS, FRESH_MS, LONGEST_PAUSE_MS, Hold, Learned
from addons.domain.pacing.limit import LimitKind, Told

NOW_MS = 1_790_000_000_000
REQUESTS, TOKENS = LimitKind.REQUESTS_PER_MINUTE, LimitKind.TOKENS_PER_MINUTE


def heard(*told: Told) -> Learned:
    learned = Learned()
    learned.hear(told, NOW_MS)
    return learned


def requests(remaining: int, *, limit: int | None = 20, ahead_ms: int | None = 30_000, refills: bool = False) -> Told:
    reset_at_ms = None if ahead_ms is None else NOW_MS + ahead_ms
    return Told(kind=REQUESTS, limit=limit, remaining=remaining, reset_at_ms=reset_at_ms, refills=refills)


@pytest.mark.parametrize(
    ("told", "spent", "expected_ms"),
    [
        pytest.param(requests(5), 0, None, id="enough is left"),
        pytest.param(requests(5), 4, None, id="the last one"),
        pytest.param(requests(5), 5, 30_000, id="what was sent since counts"),
        pytest.param(requests(0), 0, 30_000, id="nothing is left"),
        pytest.param(requests(0, ahead_ms=None), 0, None, id="nobody knows until when"),
        pytest.param(requests(0, ahead_ms=-1), 0, None, id="it is reset already"),
        pytest.param(requests(0, refills=True), 0, 1_501, id="it refills: a twentieth of the time for one"),
        pytest.param(requests(0, refills=True), 1, 3_001, id="it refills: two are lacking"),
        pytest.param(requests(0, limit=None), 0, 30_000, id="without a limit"),
    ],
)
def test_what_is_left_is_kept_to(told: Told, spent: int, expected_ms: int | None) -> None:
    learned = heard(told)
    for _ in range(spent):
        learned.spend(Cost(100))
    hold = learned.hold(Cost(100), NOW_MS)
    assert hold == (None if expected_ms is None else Hold(NOW_MS + expected_ms, REQUESTS))


def test_a_newer_answer_replaces_what_was_left() -> None:
    learned = heard(requests(0))
    learned.hear([requests(20)], NOW_MS + 1)
    assert learned.hold(Cost(1), NOW_MS + 1) is None


def test_more_than_the_whole_limit_goes_when_all_of_it_is_free() -> None:
    full = Told(kind=TOKENS, limit=1000, remaining=1000, reset_at_ms=NOW_MS + 1000)
    assert heard(full).hold(Cost(5000), NOW_MS) is None


def test_the_provider_names_its_limit() -> None:
    learned = heard(requests(1, limit=7))
    assert (learned.limits, learned.version) == ({REQUESTS: 7}, 1)
    learned.hear([requests(1, limit=7)], NOW_MS)
    assert learned.version == 1
    learned.hear([requests(1, limit=None)], NOW_MS)
    assert learned.limits == {REQUESTS: 7}


def test_a_refusal_pauses_for_as_long_as_it_says() -> None:
    learned = Learned()
    assert learned.refused([Told(kind=REQUESTS, limit=20)], 1_500, NOW_MS) == 1_500
    assert learned.hold(Cost(1), NOW_MS) == Hold(NOW_MS + 1_500, REQUESTS)
    assert learned.hold(Cost(1), NOW_MS + 1_500) is None
    assert learned.limits == {REQUESTS: 20}


def test_refusals_that_say_nothing_pause_longer_and_longer_until_one_is_answered() -> None:
    learned = Learned()
    pauses = [learned.refused([], None, NOW_MS) for _ in range(8)]
    assert pauses[:3] == [FIRST_PAUSE_MS, 2 * FIRST_PAUSE_MS, 4 * FIRST_PAUSE_MS]
    assert pauses[-1] == LONGEST_PAUSE_MS
    learned.answered()
    assert learned.refused([], None, NOW_MS) == FIRST_PAUSE_MS


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    learned = Learned()
    learned.refused([], 9_000, NOW_MS)
    learned.refused([], 1_000, NOW_MS)
    assert learned.hold(Cost(1), NOW_MS) == Hold(NOW_MS + 9_000, None)


def test_what_is_left_is_known_for_a_minute_and_full_after_its_reset() -> None:
    learned = heard(Told(kind=TOKENS, limit=1000, remaining=900, reset_at_ms=NOW_MS + 10))
    assert learned.knows(TOKENS, NOW_MS + FRESH_MS)
    assert not learned.knows(TOKENS, NOW_MS + FRESH_MS + 1)
    assert not learned.knows(REQUESTS, NOW_MS)
    learned.spend(Cost(600))
    assert learned.hold(Cost(400), NOW_MS + 11) is None
    assert learned.hold(Cost(401), NOW_MS + 11) == Hold(NOW_MS + FRESH_MS, TOKENS)
    assert learned.hold(Cost(401), NOW_MS + FRESH_MS + 1) is None
