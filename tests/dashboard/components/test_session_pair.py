from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.data import SessionFilter
from tests.dashboard.conftest import Proxy


def test_two_sessions_are_merged_and_taken_apart_again(open_page: Callable[..., AppTest], proxy: Proxy) -> None:
    before = {row.id: row.completions for row in data.sessions_latest(SessionFilter(), 20)}
    page = open_page("sessions.py")
    page.session_state["sessions-chosen"] = ["s-0001", "s-0002"]
    page.run()
    page.selectbox(key="merge-s-0002-s-0001").set_value("s-0001").run()
    page.button(key="merge").click().run()
    assert not page.exception
    merged = data.session("s-0001")
    assert merged and (merged.id, merged.name) == ("s-0002", "Add pagination to the orders endpoint")
    assert merged.completions == before["s-0001"] + before["s-0002"]
    next(one for one in page.button if one.label == "Undo").click().run()
    assert {row.id: row.completions for row in data.sessions_latest(SessionFilter(), 20)} == before
