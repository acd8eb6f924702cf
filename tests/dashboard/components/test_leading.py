from dashboard.components import leading
from tests.dashboard.conftest import OpenPage
from tests.filled import Filler


def test_a_page_led_to_is_looked_after_until_it_is_used(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("turn.py", id="58")
    page.session_state[leading._TO] = leading._Way("turn.py", {"id": "58"})
    page.run()
    assert page.session_state[leading._TO].is_drawn
    page.run()
    assert leading._TO not in page.session_state


def test_who_has_gone_elsewhere_is_not_led_back(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("usage.py")
    page.session_state[leading._TO] = leading._Way("turn.py", {"id": "58"})
    page.run()
    assert leading._TO not in page.session_state
