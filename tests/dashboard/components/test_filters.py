"""Filters by name: in the address, on every page whose rows carry what they ask for."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from dashboard.components.figures_first import KEY
from db.models import Completion, Session
from tests.filled import Filler

OpenPage = Callable[..., AppTest]
PAGES = ("requests.py", "usage.py", "savings.py", "memory.py", "sessions.py")
SONNET = "anthropic/claude-sonnet-4"


def offered(page: AppTest, name: str) -> list[str]:
    return list(page.selectbox(key=f"choice-{name}").options)


def keys(page: AppTest) -> set[str | None]:
    return {box.key for box in page.selectbox}


@pytest.mark.parametrize("file", PAGES)
def test_model_project_and_provider_are_filters(open_page: OpenPage, filled_database: Filler, file: str) -> None:
    page = open_page(file, period="all", provider="mistral", model="codestral-latest", project="shop")
    assert {"choice-model", "choice-project", "choice-provider"} <= keys(page)
    assert offered(page, "model") == ["All models", "codestral-latest"]
    assert page.query_params["model"] == "codestral-latest"


@pytest.mark.parametrize("file", PAGES)
def test_what_no_row_has_gives_an_empty_page_that_a_click_fills(
    open_page: OpenPage, filled_database: Filler, file: str
) -> None:
    page = open_page(file, model="no such model", project="shop", of="s-0001")
    assert page.info
    assert page.selectbox(key="choice-model").value == "no such model"
    page.button(key="clear-filters").click().run()
    assert not page.info
    assert {name: page.query_params.get(name) for name in ("model", "project", "of", "period")} == {
        "model": None, "project": None, "of": None, "period": "all",
    }  # fmt: skip


def test_where_nothing_is_filtered_there_is_nothing_to_clear(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("requests.py", period="all")
    assert page.info
    assert not page.button


def test_the_requests_of_a_model_and_project_are_the_stores(open_page: OpenPage, filled_database: Filler) -> None:
    its = (Completion.model == "codestral-latest", Completion.project == "shop")
    with filled_database.engine.connect() as tx:
        count, cost = tx.execute(select(func.count(), func.sum(Completion.cost_usd)).where(*its)).one()
    page = open_page("requests.py", period="all", model="codestral-latest", project="shop")
    table = page.dataframe[0].value
    assert page.text[0].value == f"{count} requests"
    assert (len(table), table["cost"].sum()) == (count, pytest.approx(cost))
    assert set(table["project"]) == {"shop"}


def test_sessions_are_chosen_by_their_model(open_page: OpenPage, filled_database: Filler) -> None:
    with filled_database.engine.connect() as tx:
        names = set(tx.scalars(select(Session.name).where(Session.model == SONNET)))
    table = open_page("sessions.py", period="all", model=SONNET).dataframe[0].value
    assert (set(table["name"]), set(table["model"])) == (names, {SONNET})


def test_a_filter_is_kept_from_page_to_page(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("usage.py", period="all", model="codestral-latest")
    page.switch_page("views/requests.py").run()
    assert page.query_params["model"] == "codestral-latest"
    assert set(page.dataframe[0].value["model"]) == {"codestral-latest"}


def test_one_proxy_of_nobody_is_no_choice(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("requests.py", period="all")
    assert not {"choice-user", "choice-proxy"} & keys(page)


def test_users_and_their_proxies_are_choices_where_there_are_several(
    open_page: OpenPage, filled_database: Filler
) -> None:
    for place, proxy_id in enumerate(("ana-00000001", "bo-00000002", "bo-00000003")):
        filled_database.heartbeat(filled_database.now_ms + place, proxy_id=proxy_id)
        filled_database.request("s-0000", proxy_id=proxy_id)
    page = open_page("requests.py", period="all", user="bo")
    assert page.text[0].value == "2 requests"
    assert offered(page, "user") == ["All users", "ana", "bo"]
    assert offered(page, "proxy") == ["All proxies", "bo-00000003", "bo-00000002"]
    page.selectbox(key="choice-proxy").set_value("bo-00000002").run()
    assert list(page.dataframe[0].value["proxy"]) == ["bo-00000002"]
    page.selectbox(key="choice-user").set_value("ana").run()
    assert "No request matches" in page.info[0].value


def arriving() -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs this text as a page of its own

    from dashboard.components import address, filters  # noqa: PLC0415

    filters.arrive(st.session_state["at"])
    st.text(address.choice("model", "Model", ["", "a", "b"], str))
    st.text(address.choice("kind", "Kind", ["", "chat"], str))


@pytest.mark.parametrize(
    ("page", "query", "shown"),
    [
        pytest.param("two", {}, ["a", "chat"], id="by the menu: what was chosen"),
        pytest.param("two", {"model": "b"}, ["b", ""], id="by a link: what it says alone"),
        pytest.param("two", {"session": "s-1"}, ["a", "chat"], id="a link without filters says nothing of them"),
        pytest.param("one", {"model": "b"}, ["b", "chat"], id="on the same page one filter changes"),
    ],
)
def test_a_link_names_all_filters(page: str, query: dict[str, str], shown: list[str]) -> None:
    tab = AppTest.from_function(arriving, default_timeout=120)
    tab.session_state[KEY], tab.session_state["at"] = True, "one"
    tab.query_params.update({"model": "a", "kind": "chat"})
    tab.run()
    tab.query_params.clear()
    tab.query_params.update(query)
    tab.session_state["at"] = page
    assert [text.value for text in tab.run().text] == shown
