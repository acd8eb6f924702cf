from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from dashboard import data, format, sums
from dashboard.data import SavingsFilter
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def shown(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def providers(page: AppTest) -> Any:
    return next(table.value for table in page.dataframe if "silent" in table.value)


def epochs(page: AppTest) -> Any:
    return next(table.value for table in page.dataframe if "reason" in table.value)


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("savings.py")
    assert "start the proxy" in page.info[0].value
    assert not page.metric


def test_an_empty_store_says_what_to_do(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("savings.py")
    assert "No answered request matches" in page.info[0].value
    assert not page.get("vega_lite_chart")


def test_the_tiles_are_the_sums_of_the_store(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("savings.py", period="all")
    found = sums.total(data.savings_by_provider(SavingsFilter()))
    assert shown(page) == {
        "Tokens kept out": format.tokens(found.masked_tokens + found.compressed_tokens),
        "Net in money": format.usd(found.net_usd),
        "From cache": format.percent(found.cache_share),
        "Epochs": "8",
    }
    assert len(page.get("vega_lite_chart")) == 3


def test_a_session_is_a_filter_in_the_address(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("savings.py", period="all", of="s-0000")
    assert list(providers(page)["provider"]) == ["kimi-code"]
    assert set(epochs(page)["reason"]) == {"pressure", "by hand"}
    page.selectbox(key="choice-of").set_value("").run()
    assert "of" not in page.query_params
    assert len(providers(page)) == 4


def test_nothing_is_made_up_where_nothing_is_reported_or_priced(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("savings.py", period="all", provider="groq")
    assert (shown(page)["Net in money"], shown(page)["From cache"]) == ("–", "–")
    assert len(page.get("vega_lite_chart")) == 1


def test_a_loss_is_shown_as_one(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.blank("s-0003", cost_usd=2.0, cost_unmodified_usd=1.5)
    filled_database.change("s-0003", cost_usd=66.0)
    page = open_page("savings.py", period="all", of="s-0003")
    assert shown(page)["Net in money"].startswith("-$")


def test_hostile_names_reach_no_markdown(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.epoch("s-0002", filled_database.now_ms, reason=HOSTILE)
    page = open_page("savings.py", period="all", of="s-0002")
    assert HOSTILE in list(epochs(page)["reason"])
    marked = [*page.markdown, *page.caption, *page.header, *page.info]
    assert not any("evil.example" in element.value for element in marked)
