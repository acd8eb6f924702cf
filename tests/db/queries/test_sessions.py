from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from db.queries import sessions
from db.queries.sessions import SessionFilter, SessionSums
from tests import filled

NOW = 1_800_000_000_000


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    made = filled.fill(url, NOW)
    yield made
    made.engine.dispose()


def ids(tx: Connection, limit: int = 50, offset: int = 0, **fields: object) -> list[str]:
    wanted = SessionFilter(**fields)  # type: ignore[arg-type]
    found = [row.id for row in sessions.latest(tx, wanted, limit, offset)]
    if offset == 0 and limit == 50:
        assert sessions.sums(tx, wanted).sessions == len(found)
    return found


def test_the_latest_come_first_and_in_pages(tx: Connection) -> None:
    everything = ids(tx)
    assert everything == sorted(everything)
    assert ids(tx, limit=5, offset=5) == everything[5:10]


def test_pinned_sessions_stay_on_top_but_are_not_the_last_active(tx: Connection, filler: filled.Filler) -> None:
    filler.change("s-0007", pinned=True)
    assert ids(tx)[:2] == ["s-0007", "s-0000"]
    active = sessions.last_active(tx)
    assert active is not None
    assert active.id == "s-0000"


def test_a_deleted_session_is_nowhere(tx: Connection, filler: filled.Filler) -> None:
    filler.change("s-0000", deleted_at_ms=NOW)
    assert sessions.one(tx, "s-0000") is None
    assert "s-0000" not in ids(tx)
    assert sessions.newest_since(tx, NOW - 2 * filled.MINUTE_MS) is None


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        pytest.param({"provider": "mistral"}, ["s-0001", "s-0005", "s-0009"], id="provider"),
        pytest.param({"model": "moonshotai/kimi-k2"}, ["s-0002", "s-0006", "s-0010"], id="model, all of it"),
        pytest.param({"model": "codestral-latest", "provider": "groq"}, [], id="a model of another provider"),
        pytest.param({"since_ms": NOW - 30 * filled.HOUR_MS}, ["s-0000", "s-0001"], id="period"),
        pytest.param({"text": "MIGRATE"}, ["s-0004"], id="name in any case"),
        pytest.param({"text": "shop"}, ["s-0001", "s-0005", "s-0009"], id="project"),
        pytest.param({"text": "sonnet"}, ["s-0003", "s-0007", "s-0011"], id="model"),
        pytest.param({"text": "%"}, [], id="a percent sign is no wildcard"),
        pytest.param({"text": "'; DROP TABLE sessions"}, [], id="a quote"),
    ],
)
def test_sessions_are_filtered(tx: Connection, fields: dict[str, object], found: list[str]) -> None:
    assert ids(tx, **fields) == found


def test_the_first_session_after_a_moment_is_found(tx: Connection) -> None:
    assert sessions.newest_since(tx, NOW - 2 * filled.MINUTE_MS) == "s-0000"
    assert sessions.newest_since(tx, NOW) is None


def test_one_session_has_its_counters(tx: Connection) -> None:
    row = sessions.one(tx, "s-0000")
    assert row is not None
    assert (row.completions, row.turns, row.errors) == (60, 15, 3)
    assert sessions.one(tx, "nobody") is None


@pytest.mark.parametrize(
    "fields",
    [{}, {"provider": "mistral"}, {"text": "MIGRATE"}, {"since_ms": NOW - 30 * filled.HOUR_MS}, {"deleted": True}],
    ids=["all", "provider", "text", "period", "deleted"],
)
def test_the_sums_are_those_of_all_pages_of_the_list(
    tx: Connection, filler: filled.Filler, fields: dict[str, object]
) -> None:
    filler.change("s-0003", deleted_at_ms=NOW)
    wanted = SessionFilter(**fields)  # type: ignore[arg-type]
    found, rows = sessions.sums(tx, wanted), sessions.latest(tx, wanted, 50)
    assert found.sessions == len(rows)
    for name in SessionSums.__slots__[1:]:
        assert getattr(found, name) == pytest.approx(sum(getattr(row, name) for row in rows)), name


def test_no_session_has_sums_of_nothing(tx: Connection) -> None:
    found = sessions.sums(tx, SessionFilter(text="nobody's"))
    assert (found.sessions, found.completions, found.cost_usd, found.unpriced) == (0, 0, 0, 0)
