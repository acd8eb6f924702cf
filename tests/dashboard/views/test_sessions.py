from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from dashboard import data, format
from dashboard.components.session_filters import SORTED
from dashboard.data import SessionFilter
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


def test_a_period_that_does_not_exist_is_the_default(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py", period="soon")
    assert page.text[0].value == "12 sessions"


def test_a_provider_that_no_session_has_shows_none_until_it_is_cleared(
    open_page: OpenPage, filled_database: Filler
) -> None:
    page = open_page("sessions.py", provider="<nobody>")
    assert "No session matches" in page.info[0].value
    page.button(key="clear-filters").click().run()
    assert page.text[0].value == "12 sessions"


def test_the_search_looks_in_names_projects_and_models(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py", q="PAGINATION")
    assert names(page) == ["Add pagination to the orders endpoint"] * 2
    page.text_input(key="text-q").set_value("100%").run()
    assert "No session matches" in page.info[0].value


def test_an_unknown_cost_is_empty(open_page: OpenPage, filled_database: Filler) -> None:
    costs = open_page("sessions.py", provider="groq").dataframe[0].value["cost"]
    assert costs.isna().all()


def test_every_order_is_one_that_the_store_has() -> None:
    assert SORTED.keys() == data.SESSION_SORTS.keys()


def test_all_of_the_choice_is_in_the_address(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.change("s-0004", pinned=True)
    dearest = open_page("sessions.py", sort="cost", project="shop").dataframe[0].value["cost"]
    assert list(dearest) == sorted(dearest, reverse=True)
    page = open_page("sessions.py", show="pinned")
    assert names(page) == ["Migrate settings to TOML"]
    page.selectbox(key="choice-show").set_value("deleted").run()
    assert page.query_params["show"] == "deleted"
    assert "No session matches" in page.info[0].value


def test_deleted_sessions_are_listed_apart(open_page: OpenPage, filled_database: Filler) -> None:
    for session_id in ("s-0001", "s-0004"):
        filled_database.change(session_id, deleted_at_ms=filled_database.now_ms)
    assert open_page("sessions.py").text[0].value == "10 sessions"
    page = open_page("sessions.py", show="deleted")
    assert names(page) == ["Add pagination to the orders endpoint", "Migrate settings to TOML"]
    page.session_state["sessions-chosen"] = ["s-0001", "s-0004"]
    page.run()
    assert not page.exception
    offered = [button.label for button in page.button if "s-000" in (button.key or "")]
    assert offered == ["Bring back", "Delete for ever"] * 2


def test_one_is_opened_two_are_compared_and_more_are_neither(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py")
    page.session_state["sessions-chosen"] = ["s-0001"]
    page.run()
    assert page.button(key="delete-s-0001")
    page.session_state["sessions-chosen"] = ["s-0001", "s-0000"]
    page.run()
    assert page.button(key="merge")
    page.session_state["sessions-chosen"] = ["s-0001", "s-0000", "s-0003"]
    page.run()
    assert any("Choose one session" in caption.value for caption in page.caption)


def test_the_figures_are_of_the_whole_selection(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py", period="all", provider="mistral")
    found = data.session_sums(SessionFilter(provider="mistral"))
    assert {metric.label: metric.value for metric in page.metric} == {
        "Sessions": "3",
        "Requests": format.tokens(found.completions),
        "Cost": format.usd(found.cost_usd),
        "Tokens saved": format.tokens(found.saved_tokens),
        "Prompt tokens": format.tokens(found.prompt_tokens),
    }
    assert found.prompt_tokens == page.dataframe[0].value["prompt"].sum()
    assert any(f"{format.usd(found.cost_unmodified_usd)} without us" in each.value for each in page.caption)


def test_a_cost_that_is_known_in_part_is_the_least_there_was(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("sessions.py", period="all")
    found = data.session_sums(SessionFilter())
    assert page.metric[2].value == "≥ " + format.usd(found.cost_usd)
    assert any(f"{found.unpriced} requests without price" in each.value for each in page.caption)
    assert open_page("sessions.py", period="all", provider="groq").metric[2].value == format.UNKNOWN


def test_figures_that_nothing_matches_are_not_shown(open_page: OpenPage, filled_database: Filler) -> None:
    assert not open_page("sessions.py", q="nobody's").metric
