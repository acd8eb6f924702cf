from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.data import SessionFilter
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def test_an_empty_store_says_what_to_do(open_page: OpenPage, empty_database: Filler) -> None:
    assert "No session yet" in open_page("compare.py").info[0].value


def test_only_one_session_is_said_to_be_alone(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.session(0, requests=2, age_ms=0)
    page = open_page("compare.py")
    assert "only one session" in page.info[0].value
    assert page.button(key="swap").disabled


def test_the_latest_two_are_compared_where_none_is_chosen(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("compare.py")
    assert len(page.metric) == 12
    assert {"left", "right"}.isdisjoint(page.query_params)
    earlier, later = sorted(data.sessions_latest(SessionFilter(), 200), key=lambda row: row.last_seen_ms)[-2:]
    page.button(key="swap").click().run()
    assert (page.query_params["left"], page.query_params["right"]) == (later.id, earlier.id)


def test_two_sessions_stand_side_by_side(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("compare.py", left="s-0000", right="s-0002")
    labels = [metric.label for metric in page.metric]
    assert len(labels) == 12
    assert labels[:6] == labels[6:]
    assert len(page.get("vega_lite_chart")) == 6
    table = page.dataframe[0].value.set_index("measure")
    assert list(table.loc["Requests"][["left", "right", "difference"]]) == ["60", "9", "85% less"]
    assert list(table.loc["Cost"][["left", "right", "difference"]])[1:] == ["–", "–"]
    assert table.loc["Epochs that masked"]["left"] == "2"
    shown = [text.value for text in page.text]
    assert any("Prompt tokens a turn: on the right" in text for text in shown)
    assert any(HOSTILE in text for text in shown)
    assert not any("evil.example" in one.value for one in [*page.markdown, *page.caption, *page.info])


def test_the_sides_are_swapped_in_the_address(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("compare.py", left="s-0000", right="s-0001")
    page.button(key="swap").click().run()
    assert (page.query_params["left"], page.query_params["right"]) == ("s-0001", "s-0000")


def test_the_same_session_on_both_sides_is_said_to_be(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("compare.py", left="s-0000", right="s-0000")
    assert "The same session stands on both sides" in page.info[0].value
    assert not page.metric


def test_a_deleted_session_is_said_to_be_missing(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.change("s-0001", deleted_at_ms=filled_database.now_ms)
    page = open_page("compare.py", left="s-0000", right="s-0001")
    assert [warning.value[:32] for warning in page.warning] == ["The session on the right does no"]


def test_one_session_stands_beside_the_latest_other_until_that_is_chosen(
    open_page: OpenPage, filled_database: Filler
) -> None:
    page = open_page("compare.py", left="s-0000")
    assert len(page.metric) == 12
    page.selectbox(key="choice-right").set_value("s-0003").run()
    assert page.query_params["right"] == "s-0003"
    assert len(page.metric) == 12


def test_sessions_of_which_nothing_is_known_can_be_compared(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.blank("s-0003", context_window=None, context_fill=None, memory_ratio=None)
    page = open_page("compare.py", left="s-0003", right="s-0004")
    assert "Its context window is not known." in [caption.value for caption in page.caption]
