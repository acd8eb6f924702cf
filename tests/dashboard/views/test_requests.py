from collections.abc import Callable

from streamlit.testing.v1 import AppTest

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
    assert set(table["error"]) == {"rate limit"}
    assert table["answer"].isna().all()


def test_one_sessions_requests_can_be_linked_to_and_left(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("requests.py", of="s-0002", period="all")
    assert page.text[0].value == "9 requests"
    page.button[0].click().run()
    assert page.text[0].value == "360 requests"
    assert "of" not in page.query_params


def test_a_kind_without_requests_says_so(open_page: OpenPage, filled_database: Filler) -> None:
    assert "No request matches" in open_page("requests.py", kind="embedding").info[0].value
