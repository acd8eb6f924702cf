from streamlit.testing.v1 import AppTest

from dashboard import data
from tests.dashboard.conftest import Proxy
from tests.filled import Filler

SCRIPT = """
from dashboard.components.project_list import project_list
from dashboard.components.session_undo import outcome

outcome()
project_list()
"""
RENAMING = """
import streamlit as st
from dashboard.components.project_list import _rename
from dashboard.components.session_undo import outcome

st.session_state["project-name-new"] = "store"
_rename("shop")
outcome()
"""


def drawn() -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=120).run()
    assert not page.exception
    return page


def test_each_project_has_its_sums(filled_database: Filler) -> None:
    table = drawn().dataframe[0].value
    assert list(table["project"]) == ["shop", "None"]
    assert (list(table["sessions"]), table["requests"].sum()) == ([3, 9], 360)


def test_without_a_project_it_says_how_to_get_one(empty_database: Filler) -> None:
    assert "X-Kimi-Project" in drawn().text[0].value


def test_a_project_is_renamed(proxy: Proxy) -> None:
    page = AppTest.from_string(RENAMING, default_timeout=120).run()
    assert "The project is renamed." in [text.value for text in page.text]
    assert [one.project for one in data.session_projects()] == ["store", ""]
    assert data.projects() == ["store"]
