from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from tests import told
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def tiles(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


@pytest.fixture
def followed(filled_database: Filler) -> Filler:
    """A store with six events, and the IDE's counts of the answered requests of one session."""
    told.logs(filled_database, "s-0000")
    return filled_database


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    assert "start the proxy" in open_page("ide_log.py").info[0].value


def test_an_empty_store_says_how_to_switch_it_on(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("ide_log.py")
    assert "told nothing" in page.info[0].value
    assert page.code[0].value.startswith("[ide_log]\ncore_log = true")
    assert not page.metric


def test_events_and_calls_are_counted(open_page: OpenPage, followed: Filler) -> None:
    page = open_page("ide_log.py", period="all")
    counts = data.logged_counts(0)
    assert tiles(page)["Events"] == str(len(told.LINES))
    assert tiles(page)["Calls matched"] == str(counts.matched)
    assert tiles(page)["Calls unmatched"] == "1"
    assert list(page.dataframe[0].value["matched"]) == [True] + 5 * [False]
    assert len(page.get("vega_lite_chart")) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"what": "context"}, ["too large"], id="kind"),
        pytest.param({"level": "info"}, ["retry", "started"], id="level"),
        pytest.param({"log": "cn.log"}, ["error"], id="log"),
        pytest.param({"level": "warning", "log": "core.log"}, ["error", "warning"], id="both"),
    ],
)
def test_filters_are_in_the_address(
    open_page: OpenPage, followed: Filler, query: dict[str, str], found: list[str]
) -> None:
    page = open_page("ide_log.py", **query)
    assert list(page.dataframe[0].value["what"]) == found


def test_an_estimate_is_compared_with_what_it_is_an_estimate_of(open_page: OpenPage, followed: Filler) -> None:
    """The provider counts what was forwarded, the IDE what it sent: what was kept out is no error of the IDE's."""
    calls = open_page("ide_log.py", calls="proxy").dataframe[1].value
    ours = (calls["estimated"] / calls["reported"] - 1) * 100
    ides = (calls["logged"] / (calls["reported"] + calls["kept"]) - 1) * 100
    assert list(calls["ours_off"]) == pytest.approx(list(ours))
    assert list(calls["off"]) == pytest.approx(list(ides))
    assert calls["kept"].max() > 0


def test_unmatched_calls_have_one_figure(open_page: OpenPage, followed: Filler) -> None:
    page = open_page("ide_log.py", calls="logs")
    table = page.dataframe[1].value
    assert list(table["logged"]) == [8_400]
    assert table["reported"].isna().all()
    assert not page.get("vega_lite_chart")


def test_hostile_lines_reach_no_markdown(open_page: OpenPage, followed: Filler) -> None:
    page = open_page("ide_log.py")
    assert HOSTILE in list(page.dataframe[0].value["message"])
    assert HOSTILE in list(page.dataframe[1].value["model"])
    marked = [*page.markdown, *page.caption, *page.header, *page.info]
    assert not any("evil.example" in element.value for element in marked)
