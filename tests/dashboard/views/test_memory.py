from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from dashboard import data, format, remembered
from dashboard.data import MemoryFilter
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def shown(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("memory.py")
    assert "start the proxy" in page.info[0].value
    assert not page.metric


def test_an_empty_store_says_what_counts_as_memory(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("memory.py")
    assert "was looked at" in page.info[0].value
    assert "What counts as memory" in page.markdown[-2].value
    assert "basic-memory" in page.code[0].value
    assert not page.get("vega_lite_chart")


def test_requests_without_memory_say_so(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.session(0, requests=4, age_ms=0)
    empty_database.blank("s-0000", memory_tokens=0, memory_ratio=0.0)
    page = open_page("memory.py")
    assert "No memory was found" in page.info[0].value
    assert not page.metric


def test_the_tiles_are_the_sums_of_the_store(open_page: OpenPage, filled_database: Filler) -> None:
    tiles = shown(open_page("memory.py", period="all"))
    moments = remembered.of_periods(data.memory_over_time(MemoryFilter(), 86_400_000))
    sources = data.memory_sources(MemoryFilter())
    assert tiles["Memory ratio"] == format.percent(remembered.ratio(moments))
    assert tiles["Memory sent"] == format.tokens(sum(moment.memory_tokens for moment in moments))
    assert tiles["Segments"] == str(3 * (4 + 12)) == str(sum(source.segments for source in sources))
    assert tiles["Sent again"] == format.tokens(3 * 11 * (1_240 + 2_100 + 95 + 420))


def test_there_are_a_chart_and_its_table_for_each_question(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("memory.py", period="all", of="s-0000")
    over_time, sources, segments = (table.value for table in page.dataframe)
    assert len(page.get("vega_lite_chart")) == 2
    assert len(over_time) == 60
    assert list(sources["server"].fillna("")) == ["basic-memory", "memory", HOSTILE, "mem0", ""]
    assert list(segments["tokens"][:3]) == [2_100, 1_240, 420]
    assert list(segments["again"][:1]) == [11 * 2_100]


def test_the_order_is_in_the_address(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("memory.py", of="s-0000", order="resent")
    requests = list(page.dataframe[2].value["sent"])
    assert requests == sorted(requests, reverse=True)
    assert requests[:5] == [12, 12, 12, 12, 1]


def test_a_session_from_before_segments_has_its_ratio(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("memory.py", period="all", of="s-0006")
    assert shown(page)["Sent again"] == "–"
    assert any("No segment of this selection" in caption.value for caption in page.caption)
    assert len(page.get("vega_lite_chart")) == 1


def test_hostile_names_reach_no_markdown(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("memory.py", period="all", of="s-0002")
    assert HOSTILE in list(page.dataframe[1].value["server"])
    marked = [*page.markdown, *page.caption, *page.header, *page.info]
    assert not any("evil.example" in element.value for element in marked)
