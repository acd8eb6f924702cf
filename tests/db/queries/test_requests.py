from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select, text

from db.models import Completion
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
        pytest.param(RequestFilter(model="moonshotai/kimi-k2"), 173, id="model"),
        pytest.param(RequestFilter(project="shop"), 38, id="project"),
        pytest.param(RequestFilter(model="codestral-latest", project="shop"), 38, id="model and project"),
        pytest.param(RequestFilter(model="codestral-latest", provider="groq"), 0, id="a model of another provider"),
        pytest.param(RequestFilter(model="moonshotai/kimi-k2", outcome="error"), 9, id="model and outcome"),
        pytest.param(RequestFilter(proxy_id="p-1"), 360, id="proxy"),
        pytest.param(RequestFilter(proxy_id="p"), 0, id="the beginning of a proxy's id"),
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


@pytest.mark.parametrize(
    ("user", "count"),
    [("ana", 2), ("ana-b", 1), ("an", 0), ("ANA", 0), ("p", 0), ("a_a", 0)],
    ids=["two proxies of theirs", "a name that begins with another", "a part of a name", "another case", "nobody",
         "an underscore is no wildcard"],
)  # fmt: skip
def test_a_users_requests_are_those_of_their_proxies(
    tx: Connection, filler: filled.Filler, user: str, count: int
) -> None:
    for proxy_id in ("ana-00000001", "ana-00000002", "ana-b-00000003"):
        filler.heartbeat(NOW, proxy_id=proxy_id)
        filler.request("s-0000", proxy_id=proxy_id)
    assert requests.count(tx, RequestFilter(user=user)) == count
    assert [row.proxy_id for row in requests.page(tx, RequestFilter(user=user, model="kimi-for-coding"), 9)] == [
        proxy_id for proxy_id in ("ana-b-00000003", "ana-00000002", "ana-00000001") if proxy_id[:-9] == user
    ]


@pytest.mark.sqlite  # PostgreSQL has statistics and chooses by itself
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (RequestFilter(model="m"), "ix_completions_model (model=?)"),
        (RequestFilter(project="p"), "ix_completions_project (project=?)"),
        (RequestFilter(proxy_id="p-1"), "ix_completions_proxy (proxy_id=?)"),
        (RequestFilter(model="m", provider="p", project="q", since_ms=1), "ix_completions_model (model=?"),
        (RequestFilter(session_id="s", model="m"), "ix_completions_session"),
        (RequestFilter(model="m", outcome="error"), "ix_completions_failed (outcome=?)"),
    ],
    ids=["model", "project", "proxy", "model before the others", "session before the model", "failed ones first"],
)
def test_sqlite_looks_where_least_is_left(tx: Connection, wanted: RequestFilter, index: str) -> None:
    asked = select(Completion.id).where(*requests.conditions(wanted)).order_by(Completion.started_at_ms.desc())
    plan = tx.execute(text(f"EXPLAIN QUERY PLAN {asked.compile(tx, compile_kwargs={'literal_binds': True})}")).all()
    assert index in plan[0].detail
