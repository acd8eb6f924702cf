"""What the requests of a selection come to: the same as their rows added up, or nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, func, select

from db.models import Completion
from db.queries import request_sums, requests
from db.queries.request_sums import sums
from db.queries.requests import RequestFilter, conditions
from db.records import rolling, tallies
from tests import filled

NOW = 1_800_000_000_000 + 25 * filled.MINUTE_MS + 17
"""In the midst of an hour, so that periods begin in one."""


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    made = filled.fill(url, NOW)
    made.change("s-0003", deleted_at_ms=None)
    made.request(None, kind="compaction", proxy_id="ana-00000001", completion_tokens=None)
    made.heartbeat(NOW, proxy_id="ana-00000001")
    yield made
    made.engine.dispose()


def added_up(tx: Connection, wanted: RequestFilter) -> tuple[dict[str, float], dict[str, float]]:
    """Of the rows themselves."""
    used = {field: rolling.AMOUNTS[name] for field, name in request_sums._USED.items()}
    kept = {name: tallies.AMOUNTS[name] for name in request_sums._KEPT}
    found = []
    for amounts in (used, kept):
        columns = [func.coalesce(func.sum(amount), 0).label(name) for name, amount in amounts.items()]
        row = tx.execute(select(*columns).select_from(Completion).where(*conditions(wanted))).mappings().one()
        found.append({name: float(amount) for name, amount in row.items()})
    return found[0], found[1]


SELECTIONS = {
    "all": RequestFilter(),
    "an hour, from its midst": RequestFilter(since_ms=NOW - filled.HOUR_MS),
    "days, from the midst of an hour": RequestFilter(since_ms=NOW - 80 * filled.HOUR_MS - 9 * filled.MINUTE_MS),
    "whole hours": RequestFilter(since_ms=NOW // filled.HOUR_MS * filled.HOUR_MS),
    "minutes": RequestFilter(since_ms=NOW - 5 * filled.MINUTE_MS),
    "provider": RequestFilter(provider="groq"),
    "model and period": RequestFilter(model="kimi-for-coding", since_ms=NOW - 3 * filled.HOUR_MS),
    "project": RequestFilter(project="shop"),
    "kind": RequestFilter(kind="chat"),
    "kind and period": RequestFilter(kind="chat", since_ms=NOW - 20 * filled.MINUTE_MS),
    "outcome": RequestFilter(outcome="error"),
    "outcome and model": RequestFilter(outcome="ok", model="codestral-latest"),
    "user": RequestFilter(user="ana"),
    "proxy": RequestFilter(proxy_id="p-1"),
    "session": RequestFilter(session_id="s-0006"),
    "session and period": RequestFilter(session_id="s-0000", since_ms=NOW - 10 * filled.MINUTE_MS),
    "nothing": RequestFilter(model="nobody's"),
}


@pytest.mark.parametrize("wanted", SELECTIONS.values(), ids=SELECTIONS)
def test_the_sums_are_those_of_the_rows(tx: Connection, wanted: RequestFilter) -> None:
    found = sums(tx, wanted)
    used, kept = added_up(tx, wanted)
    assert found.requests == requests.count(tx, wanted)
    assert found.used is not None and found.kept is not None
    assert {name: getattr(found.used, name) for name in used} == pytest.approx(used)
    assert {name: getattr(found.kept, name) for name in kept} == pytest.approx(kept)


def test_a_deleted_sessions_requests_are_in_no_sum(tx: Connection, filler: filled.Filler) -> None:
    since_ms = NOW - filled.HOUR_MS
    with filler.engine.begin() as writable:
        rolling.shift(writable, Completion.session_id == "s-0000", -1)
    filler.change("s-0000", deleted_at_ms=NOW)
    for wanted in (RequestFilter(since_ms=since_ms), RequestFilter(kind="chat", since_ms=since_ms)):
        assert sums(tx, wanted).requests == requests.count(tx, wanted) < 60


@pytest.mark.parametrize(
    ("wanted", "is_counted", "is_kept"),
    [
        (RequestFilter(), True, True),
        (RequestFilter(session_id="s-0006"), True, True),
        (RequestFilter(kind="chat"), False, True),
        (RequestFilter(outcome="ok"), False, False),
        (RequestFilter(user="p"), True, True),
        (RequestFilter(proxy_id="p-1", kind="chat"), False, False),
    ],
    ids=["all", "session", "kind", "outcome", "user without requests", "proxy"],
)
def test_what_are_too_many_is_not_added_up(
    tx: Connection, monkeypatch: pytest.MonkeyPatch, wanted: RequestFilter, is_counted: bool, is_kept: bool
) -> None:
    for module in (requests, request_sums):
        monkeypatch.setattr(module, "COUNT_LIMIT", 100)
    found = sums(tx, wanted)
    assert (found.used is not None, found.kept is not None) == (is_counted, is_kept)
    if found.used is None:
        assert found.requests == 101
    if found.kept:
        assert found.kept.before_tokens == added_up(tx, wanted)[1]["before_tokens"]
