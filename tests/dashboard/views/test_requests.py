from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, format
from dashboard.data import RequestFilter
from db.queries import request_sums, requests
from tests.filled import Filler

OpenPage = Callable[..., AppTest]


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("requests.py")
    assert "start the proxy" in page.info[0].value
    assert not page.selectbox


def test_an_empty_store_says_what_to_do(open_page: OpenPage, empty_database: Filler) -> None:
    assert "No request matches" in open_page("requests.py").info[0].value


def test_a_page_holds_a_hundred_requests_latest_first(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("requests.py", period="all")
    table = page.dataframe[0].value
    assert page.text[0].value == "360 requests"
    assert len(table) == 100
    assert table["at"].is_monotonic_decreasing


def test_only_errors_can_be_shown(open_page: OpenPage, filled_database: Filler) -> None:
    table = open_page("requests.py", outcome="error", period="all").dataframe[0].value
    assert set(table["outcome"]) == {"rate limit"}
    assert table["answer"].isna().all()


def test_one_sessions_requests_can_be_linked_to_and_left(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("requests.py", of="s-0002", period="all")
    assert page.text[0].value == "9 requests"
    page.button[0].click().run()
    assert page.text[0].value == "360 requests"
    assert "of" not in page.query_params


def test_a_kind_without_requests_says_so(open_page: OpenPage, filled_database: Filler) -> None:
    assert "No request matches" in open_page("requests.py", kind="embedding").info[0].value


@pytest.mark.parametrize(
    "fields", [{}, {"provider": "mistral"}, {"outcome": "ok"}, {"kind": "chat"}], ids=["all", "provider", "ok", "kind"]
)
def test_the_figures_are_of_the_whole_selection(
    open_page: OpenPage, filled_database: Filler, fields: dict[str, str]
) -> None:
    page = open_page("requests.py", period="all", **fields)
    found = data.request_sums(RequestFilter(**fields))  # type: ignore[arg-type]
    assert found.used and found.kept
    assert {metric.label: metric.value for metric in page.metric} == {
        "Requests": format.tokens(found.requests),
        "Tokens": format.tokens(found.used.tokens),
        "Cost": ("≥ " if found.used.unpriced else "") + format.usd(found.used.cost_usd),
        "Tokens kept out": format.tokens(found.kept.before_tokens - found.kept.sent_tokens),
        "From cache": format.percent(found.kept.cached_tokens / found.kept.reported_tokens),
    }


@pytest.mark.parametrize(
    ("fields", "links"),
    [
        ({"provider": "mistral"}, ["usage", "savings"]),
        ({"of": "s-0002"}, ["savings"]),
        ({"outcome": "error"}, []),
    ],
    ids=["hours", "session", "outcome"],
)
def test_a_figure_leads_where_the_same_requests_can_be_chosen(
    open_page: OpenPage, filled_database: Filler, fields: dict[str, str], links: list[str]
) -> None:
    page = open_page("requests.py", period="all", **fields)
    assert [link.proto.page for link in page.get("page_link")] == links


def test_what_is_too_much_to_add_up_is_not_shown(
    open_page: OpenPage, filled_database: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (requests, request_sums):
        monkeypatch.setattr(module, "COUNT_LIMIT", 100)
    page = open_page("requests.py", period="all", kind="chat")
    assert [metric.label for metric in page.metric] == ["Requests", "Tokens kept out", "From cache"]
    assert page.metric[0].value.startswith("≥ ")
    assert [metric.label for metric in open_page("requests.py", period="all", proxy="p-1").metric] == ["Requests"]
