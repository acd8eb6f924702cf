from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from dashboard import data, format, spending
from dashboard.data import UsageFilter
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def shown(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("usage.py")
    assert "start the proxy" in page.info[0].value
    assert not page.metric


def test_an_empty_store_says_what_to_do(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("usage.py")
    assert "No request matches" in page.info[0].value
    assert not page.get("vega_lite_chart")


def test_the_tiles_are_the_sums_of_the_store(open_page: OpenPage, filled_database: Filler) -> None:
    tiles = shown(open_page("usage.py", period="all"))
    found = data.usage_total(UsageFilter())
    assert tiles["Cost"] == "≥ " + format.usd(found.cost_usd)
    assert tiles["Tokens"] == format.tokens(found.tokens)
    assert tiles["From cache"] == format.percent(spending.cached_share(data.usage_cached(UsageFilter())))
    assert tiles["Requests"] == "360"


def test_there_are_a_chart_and_its_table_for_each_question(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("usage.py", period="all")
    assert len(page.get("vega_lite_chart")) == 3
    assert [expander.label for expander in page.expander] == ["The same as a table"] * 3
    cost, tokens, compared, models, projects = (table.value for table in page.dataframe)
    assert set(cost["provider"]) == {"kimi-code", "mistral", "groq", "openrouter"}
    assert tokens["requests"].sum() == 360
    assert list(compared["words"]) == ["As it was", "Without us", "Without cache"]
    assert models["tokens"].sum() == projects["tokens"].sum()
    assert set(projects["name"]) == {"shop", "No project known"}


def test_a_price_that_nobody_knows_is_called_unknown(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("usage.py", period="all", provider="groq")
    assert (shown(page)["Cost"], shown(page)["From cache"]) == ("unknown", "–")
    assert len(page.get("vega_lite_chart")) == 1
    assert any("Put a missing price" in caption.value for caption in page.caption)


def test_a_project_is_a_filter_in_the_address(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("usage.py", period="all", project="shop")
    assert set(page.dataframe[0].value["provider"]) == {"mistral"}
    page.selectbox(key="choice-project").set_value("").run()
    assert "project" not in page.query_params


def test_hostile_names_reach_no_markdown(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.request("s-0002", model=HOSTILE, project=HOSTILE, provider="kimi-code",
                            started_at_ms=filled_database.now_ms - 90 * 86_400_000)  # fmt: skip
    filled_database.sums()
    page = open_page("usage.py", period="all")
    assert HOSTILE in list(page.dataframe[3].value["name"])
    marked = [*page.markdown, *page.caption, *page.header, *page.info]
    assert not any("evil.example" in element.value for element in marked)
