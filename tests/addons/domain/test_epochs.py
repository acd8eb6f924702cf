from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.epochs import MARGIN, Candidate, Epoch, Reason, Situation, expected_requests, plan

WARM = Situation(cached_share=0.25, cache_is_cold=False, requests_so_far=4)


def stale(at: int, tokens: int, masked: int, behind: int = 0) -> Candidate:
    """A message of so many tokens, of which so many would be left, with so many in the messages behind it."""
    return Candidate(at=at, saving=tokens - masked, after=tokens + behind)


@pytest.mark.parametrize(
    ("situation", "reason"),
    [
        (replace(WARM, asked=True), Reason.BY_HAND),
        (replace(WARM, fill=0.9, threshold=0.85), Reason.PRESSURE),
        (replace(WARM, cache_is_cold=True), Reason.COLD),
        (replace(WARM, cached_share=1.0), Reason.NO_DISCOUNT),
    ],
    ids=lambda value: value if isinstance(value, Reason) else "",
)
def test_a_free_epoch_takes_every_saving_at_once(situation: Situation, reason: Reason) -> None:
    epoch = plan([stale(1, 1000, 100, behind=90_400), stale(3, 400, 100)], situation)
    assert epoch is not None
    assert (epoch.reason, epoch.first) == (reason, 1)


def test_break_even_pays_for_a_large_result_with_little_behind_it() -> None:
    epoch = plan([stale(1, 10_000, 500, behind=200)], WARM)
    assert epoch == Epoch(Reason.BREAK_EVEN, first=1, gain=9500 * 0.25 * 5, loss=(500 + 200) * 0.75, lost_tokens=700)


def test_break_even_leaves_a_small_result_with_much_behind_it() -> None:
    assert plan([stale(1, 500, 100, behind=50_000)], WARM) is None


def test_break_even_starts_where_gain_less_loss_is_largest() -> None:
    epoch = plan([stale(0, 300, 100, behind=60_100), stale(2, 10_000, 500, behind=100)], WARM)
    assert epoch is not None
    assert epoch.first == 2


def test_what_was_never_sent_opens_no_epoch() -> None:
    assert plan([], replace(WARM, cache_is_cold=True)) is None


def test_a_cold_cache_loses_nothing() -> None:
    epoch = plan([stale(0, 1000, 100, behind=90_000)], replace(WARM, cache_is_cold=True))
    assert epoch is not None
    assert epoch.loss == 0


@pytest.mark.parametrize(("so_far", "expected"), [(1, 2), (2, 2), (7, 7), (500, 30)])
def test_a_session_is_expected_to_go_on_as_long_as_it_has(so_far: int, expected: int) -> None:
    assert expected_requests(so_far) == expected


@given(
    st.lists(st.tuples(st.integers(1, 50_000), st.floats(0, 0.95)), max_size=40),
    st.floats(0, 0.99),
    st.integers(1, 100),
)
def test_a_break_even_epoch_always_gains_more_than_it_loses(
    messages: list[tuple[int, float]], share: float, requests: int
) -> None:
    sizes = [tokens for tokens, _ in messages]
    candidates = [
        Candidate(at=at, saving=saving, after=sum(sizes[at:]))
        for at, (tokens, part) in enumerate(messages)
        if (saving := int(tokens * part)) > 0
    ]
    epoch = plan(candidates, Situation(cached_share=share, cache_is_cold=False, requests_so_far=requests))
    if epoch is not None:
        assert epoch.gain > epoch.loss * MARGIN
        assert epoch.first in [candidate.at for candidate in candidates]
        taken = sum(candidate.saving for candidate in candidates if candidate.at >= epoch.first)
        assert epoch.lost_tokens == sum(sizes[epoch.first :]) - taken
