from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.components import session_actions
from tests.dashboard.conftest import Proxy
from tests.filled import HOSTILE, Filler

SCRIPT = """
from dashboard import data
from dashboard.components.session_actions import outcome, session_actions

outcome()
if (row := data.session("s-0002")) is not None:
    session_actions(row)
"""
Draw = Callable[[], AppTest]


@pytest.fixture
def draw() -> Draw:
    """The session with the hostile name, as below the list when its row is chosen."""

    def run() -> AppTest:
        page = AppTest.from_string(SCRIPT, default_timeout=30).run()
        assert not page.exception
        return page

    return run


def words(page: AppTest) -> str:
    return " ".join(element.value for element in page.text)


def test_a_session_is_renamed(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    assert page.text_input[0].value == HOSTILE
    page.text_input[0].set_value("A better name")
    next(one for one in page.button if one.label == "Rename").click().run()
    row = data.session("s-0002")
    assert row and row.name == "A better name"
    assert "Renamed." in words(page)


def test_a_name_that_cannot_be_is_said_to(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.text_input[0].set_value("   ")
    next(one for one in page.button if one.label == "Rename").click().run()
    assert "A session's name has 1 to 200 printable characters" in words(page)


def test_a_session_is_pinned_and_unpinned(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.button(key="pin-s-0002").click().run()
    assert (row := data.session("s-0002")) and row.pinned
    assert page.button(key="pin-s-0002").label == "Unpin"
    page.button(key="pin-s-0002").click().run()
    assert (row := data.session("s-0002")) and not row.pinned


def test_a_deletion_can_be_taken_back(draw: Draw, proxy: Proxy) -> None:
    page = draw()
    page.button(key="delete-s-0002").click().run()
    assert data.session("s-0002") is None
    assert f"Deleted: {HOSTILE}" in words(page)
    page.button(key="undo-s-0002").click().run()
    assert data.session("s-0002") is not None
    assert not [one for one in page.button if one.label == "Undo"]


def test_a_deletion_is_not_offered_back_for_ever(draw: Draw, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    page = draw()
    page.button(key="delete-s-0002").click().run()
    monkeypatch.setattr(session_actions, "UNDO_MS", 0)
    page.run()
    assert not [one for one in page.button if one.label == "Undo"]


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
