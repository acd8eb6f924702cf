from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def names(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["name"])


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("sessions.py")
    assert "start the proxy" in page.info[0].value
    assert not page.selectbox


def test_an_empty_store_says_what_to_do(open_page: OpenPage, empty_database: Filler) -> None:
    assert "No session matches" in open_page("sessions.py").info[0].value


def test_sessions_come_latest_first_with_their_own_names(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py")
    assert names(page)[:3] == [
        "Explain why the retry loop never ends",
        "Add pagination to the orders endpoint",
        HOSTILE,
    ]
    assert page.text[0].value == "12 sessions"


def test_filters_come_from_the_address_and_return_to_it(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py", provider="mistral", period="7d")
    assert page.text[0].value == "2 sessions"
    page.selectbox(key="choice-provider").set_value("groq").run()
    assert page.query_params["provider"] == "groq"
    assert page.query_params["period"] == "7d"


def test_a_filter_that_does_not_exist_is_the_default(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py", provider="<nobody>", period="soon")
    assert page.text[0].value == "12 sessions"


def test_the_search_looks_in_names_projects_and_models(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py", q="PAGINATION")
    assert names(page) == ["Add pagination to the orders endpoint"] * 2
    page.text_input(key="text-q").set_value("100%").run()
    assert "No session matches" in page.info[0].value


def test_an_unknown_cost_is_empty(open_page: OpenPage, filled_database: Filler) -> None:
    costs = open_page("sessions.py", provider="groq").dataframe[0].value["cost"]
    assert costs.isna().all()
