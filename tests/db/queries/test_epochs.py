"""What an epoch was expected to bring, and what came of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from db.queries.epochs import epochs
from db.queries.savings import SavingsFilter
from tests import filled
from tests.db.plans import plan_of

NOW_MS = 1_790_000_000_000
STEP_MS = 40_000


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    """Ten requests of each session, 40 s apart; the first session has an epoch at its fifth and its eighth."""
    made = filled.empty(url, NOW_MS)
    made.session(0, requests=10, age_ms=0)
    made.session(1, requests=10, age_ms=0)
    made.epoch("s-0000", NOW_MS - 5 * STEP_MS, "break-even", gain=9_000, loss=1_000)
    made.epoch("s-0000", NOW_MS - 2 * STEP_MS, "cold")
    yield made
    made.engine.dispose()


def test_the_latest_comes_first_with_its_reason_and_estimate(tx: Connection) -> None:
    late, early = epochs(tx, SavingsFilter(), 10)
    assert (late.reason, early.reason) == ("cold", "break-even")
    assert (early.gain_tokens, early.loss_tokens, early.messages, early.saved_tokens) == (9_000, 1_000, 3, 6_720)
    assert early.session_name == filled.NAMES[0]


def test_an_epoch_lasts_until_the_sessions_next_one(tx: Connection) -> None:
    late, early = epochs(tx, SavingsFilter(), 10)
    assert (early.requests, late.requests) == (3, 3)
    assert (early.completion_id, late.completion_id) == (5, 8)
    assert early.net_usd and early.own_net_usd is not None and early.net_usd > early.own_net_usd


@pytest.mark.sqlite
def test_the_requests_of_an_epoch_are_read_and_no_later_ones(tx: Connection) -> None:
    plan = plan_of(tx, lambda tx: epochs(tx, SavingsFilter(), 10))
    assert any("session_id=? AND started_at_ms>? AND started_at_ms<?" in step for step in plan), plan


@pytest.mark.sqlite
@pytest.mark.parametrize("named", ["provider", "model", "project"])
def test_what_an_epochs_request_went_to_is_found_in_the_order_of_time(tx: Connection, named: str) -> None:
    plan = plan_of(tx, lambda tx: epochs(tx, replace(SavingsFilter(), **{named: "one"}), 10))
    assert any(f"ix_completions_{named} ({named}=? AND started_at_ms=?)" in step for step in plan), plan


def test_an_epoch_without_its_requests_is_there_all_the_same(filler: filled.Filler, tx: Connection) -> None:
    filler.epoch("s-0001", NOW_MS + 1, "pressure")
    newest = epochs(tx, SavingsFilter(), 1)[0]
    assert (newest.reason, newest.requests, newest.completion_id, newest.net_usd, newest.provider) == (
        "pressure", 0, None, None, "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (SavingsFilter(session_id="s-0001"), 0),
        (SavingsFilter(session_id="s-0000"), 2),
        (SavingsFilter(since_ms=NOW_MS - 3 * STEP_MS), 1),
        (SavingsFilter(provider="mistral"), 0),
        (SavingsFilter(provider="kimi-code"), 2),
        (SavingsFilter(model="codestral-latest"), 0),
        (SavingsFilter(provider="kimi-code", model="kimi-for-coding"), 2),
        (SavingsFilter(project="shop"), 0),
    ],
    ids=[
        "another session",
        "this session",
        "later ones",
        "another provider",
        "this provider",
        "another model",
        "this model",
        "another project",
    ],
)
def test_filters(tx: Connection, wanted: SavingsFilter, found: int) -> None:
    assert len(epochs(tx, wanted, 10)) == found
