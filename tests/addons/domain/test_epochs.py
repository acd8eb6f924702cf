from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.epochs import MARGIN, Candidate, Epoch, Reason, Situation, expected_requests, plan

WARM = Situation(cached_share=0.25, cache_is_cold=False, requests_so_far=4)


def kept(tokens: int) -> Candidate:
    return Candidate(tokens=tokens, saving=0, sent=True)


def stale(tokens: int, masked: int) -> Candidate:
    return Candidate(tokens=tokens, saving=tokens - masked, sent=True)


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
    epoch = plan([kept(50), stale(1000, 100), kept(90_000), stale(400, 100)], situation)
    assert epoch is not None
    assert (epoch.reason, epoch.first) == (reason, 1)


def test_break_even_pays_for_a_large_result_with_little_behind_it() -> None:
    epoch = plan([kept(5000), stale(10_000, 500), kept(200)], WARM)
    assert epoch == Epoch(Reason.BREAK_EVEN, first=1, gain=9500 * 0.25 * 5, loss=(500 + 200) * 0.75, lost_tokens=700)


def test_break_even_leaves_a_small_result_with_much_behind_it() -> None:
    assert plan([kept(5000), stale(500, 100), kept(50_000)], WARM) is None


def test_break_even_starts_where_gain_less_loss_is_largest() -> None:
    epoch = plan([stale(300, 100), kept(50_000), stale(10_000, 500), kept(100)], WARM)
    assert epoch is not None
    assert epoch.first == 2


def test_what_was_never_sent_opens_no_epoch() -> None:
    arrived = Candidate(tokens=9000, saving=8000, sent=False)
    assert plan([kept(100), arrived], replace(WARM, cache_is_cold=True)) is None


def test_a_cold_cache_loses_nothing() -> None:
    epoch = plan([stale(1000, 100), kept(90_000)], replace(WARM, cache_is_cold=True))
    assert epoch is not None
    assert epoch.loss == 0


@pytest.mark.parametrize(("so_far", "expected"), [(1, 2), (2, 2), (7, 7), (500, 30)])
def test_a_session_is_expected_to_go_on_as_long_as_it_has(so_far: int, expected: int) -> None:
    assert expected_requests(so_far) == expected


candidates = st.builds(
    lambda tokens, share, sent: Candidate(tokens=tokens, saving=int(tokens * share), sent=sent),
    st.integers(1, 50_000),
    st.floats(0, 0.95),
    st.booleans(),
)


@given(st.lists(candidates, max_size=40), st.floats(0, 0.99), st.integers(1, 100))
def test_a_break_even_epoch_always_gains_more_than_it_loses(
    messages: list[Candidate], share: float, requests: int
) -> None:
    epoch = plan(messages, Situation(cached_share=share, cache_is_cold=False, requests_so_far=requests))
    if epoch is not None:
        assert epoch.gain > epoch.loss * MARGIN
        assert messages[epoch.first].sent
        assert messages[epoch.first].saving > 0
