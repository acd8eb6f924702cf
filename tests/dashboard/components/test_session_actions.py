from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.components import session_undo
from tests.dashboard.conftest import Proxy
from tests.filled import HOSTILE, Filler

SCRIPT = """
from dashboard import data
from dashboard.components.session_actions import deleted_actions, session_actions
from dashboard.components.session_undo import outcome
from dashboard.data import SessionFilter

outcome()
if (row := data.session("s-0002")) is not None:
    session_actions(row)
for row in data.sessions_latest(SessionFilter(deleted=True), 9):
    deleted_actions(row)
"""
Draw = Callable[[], AppTest]


@pytest.fixture
def draw() -> Draw:
    """The session with the hostile name, as below the list when its row is chosen, and the deleted ones."""

    def run() -> AppTest:
        page = AppTest.from_string(SCRIPT, default_timeout=120).run()
        assert not page.exception
        return page

    return run


def words(page: AppTest) -> str:
    return " ".join(element.value for element in page.text)


def press(page: AppTest, label: str) -> None:
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception


def test_a_session_is_renamed(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    assert page.text_input(key="name-s-0002").value == HOSTILE
    page.text_input(key="name-s-0002").set_value("A better name")
    press(page, "Rename")
    row = data.session("s-0002")
    assert row and row.name == "A better name"
    assert "Renamed." in words(page)


def test_a_name_that_cannot_be_is_said_to(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.text_input(key="name-s-0002").set_value("   ")
    press(page, "Rename")
    assert "A session's name has 1 to 200 printable characters" in words(page)


def test_a_session_is_pinned_and_unpinned(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.button(key="pin-s-0002").click().run()
    assert (row := data.session("s-0002")) and row.pinned
    assert page.button(key="pin-s-0002").label == "Unpin"
    page.button(key="pin-s-0002").click().run()
    assert (row := data.session("s-0002")) and not row.pinned


def test_a_session_is_moved_to_a_project(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.text_input(key="project-s-0002").set_value("shop")
    press(page, "Move")
    assert (row := data.session("s-0002")) and row.project == "shop"


def test_a_session_is_split_and_made_one_again(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    before = data.session("s-0002")
    assert before
    press(page, "Split here")
    assert (row := data.session("s-0002")) and 0 < row.completions < before.completions
    assert row.name.endswith("(2)")
    press(page, "Undo")
    assert (row := data.session("s-0002")) and (row.completions, row.name) == (before.completions, before.name)


def test_a_deletion_can_be_taken_back(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.button(key="delete-s-0002").click().run()
    assert data.session("s-0002") is None
    assert f"Deleted: {HOSTILE}" in words(page)
    press(page, "Undo")
    assert data.session("s-0002") is not None
    assert not [one for one in page.button if one.label == "Undo"]


def test_a_deletion_is_offered_back_among_the_deleted(
    draw: Draw, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = draw()
    page.button(key="delete-s-0002").click().run()
    monkeypatch.setattr(session_undo, "OFFERED_MS", 0)
    page.run()
    assert not [one for one in page.button if one.label == "Undo"]
    press(page, "Bring back")
    assert data.session("s-0002") is not None


def test_deleted_for_ever_there_is_no_way_back(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.button(key="delete-s-0002").click().run()
    press(page, "Delete for ever")
    assert [one.label for one in page.button] == ["Undo"]
    press(page, "Undo")
    assert "There is no session 's-0002'" in words(page)


def test_without_a_proxy_nothing_is_done(draw: Draw, filled_database: Filler) -> None:
    filled_database.stop_proxies()
    page = draw()
    page.button(key="delete-s-0002").click().run()
    assert "No proxy is running" in words(page)
    assert data.session("s-0002") is not None
    assert not [one for one in page.button if one.label == "Undo"]


def test_a_hostile_name_reaches_no_markdown(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.button(key="delete-s-0002").click().run()
    assert not any("evil.example" in element.value for element in (*page.markdown, *page.caption))
