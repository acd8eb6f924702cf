from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from db.queries import requests
from db.queries.requests import RequestFilter
from tests import filled

NOW = 1_800_000_000_000


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    made = filled.fill(url, NOW)
    yield made
    made.engine.dispose()


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        pytest.param(RequestFilter(), 360, id="all"),
        pytest.param(RequestFilter(provider="groq"), 173, id="provider"),
        pytest.param(RequestFilter(session_id="s-0001"), 14, id="session"),
        pytest.param(RequestFilter(outcome="error"), 18, id="outcome"),
        pytest.param(RequestFilter(kind="embedding"), 0, id="kind"),
        pytest.param(RequestFilter(since_ms=NOW - filled.HOUR_MS), 60, id="period"),
    ],
)
def test_requests_are_filtered_and_counted(tx: Connection, wanted: RequestFilter, count: int) -> None:
    assert requests.count(tx, wanted) == count
    assert len(requests.page(tx, wanted, limit=1_000)) == count


def test_a_page_continues_where_the_last_one_ended(tx: Connection) -> None:
    everything = requests.page(tx, RequestFilter(), limit=1_000)
    assert [row.started_at_ms for row in everything] == sorted((row.started_at_ms for row in everything), reverse=True)
    assert requests.page(tx, RequestFilter(), limit=20, offset=40) == everything[40:60]


def test_a_request_outside_any_session_has_no_session_name(tx: Connection, filler: filled.Filler) -> None:
    filler.request(None, kind="autocomplete")
    (row,) = requests.page(tx, RequestFilter(kind="autocomplete"), limit=1)
    assert (row.session_id, row.session_name) == (None, "")


def test_counting_stops_at_its_limit(tx: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "COUNT_LIMIT", 100)
    assert requests.count(tx, RequestFilter()) == 101


def test_providers_are_those_ever_called(tx: Connection) -> None:
    assert requests.providers(tx) == ["groq", "kimi-code", "mistral", "openrouter"]
