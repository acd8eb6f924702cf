"""What a person does to sessions in their list: what the store holds after each click."""

import pytest
from sqlalchemy import func, select

from db.models import Completion, Session
from tests.browser.at_work import press, stored, working
from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served
from tests.filled import HOUR_MS

pytestmark = pytest.mark.e2e

NAME, ID = "Kept for a while", "s-0108"


def test_a_session_is_moved_unpinned_brought_back_and_erased(open_tab: OpenTab, served: Served) -> None:
    served.store.session(108, requests=4, age_ms=70 * HOUR_MS)
    served.store.change(ID, name=NAME)
    its = select(Session).where(Session.id == ID).with_only_columns
    listed, deleted = (f"/sessions?period=all&q={ID}", f"/sessions?period=all&show=deleted&q={ID}")
    with working(served), open_tab(listed, width=1600) as look:
        page = look.page
        choose_row(page, "sessions-")
        page.locator(".st-key-selected").get_by_label("Project", exact=True).fill("elsewhere")
        press(page, "Move", "Moved.")
        assert stored(served, its(Session.project)) == "elsewhere"
        press(page, "Pin to the top", "Pinned to the top.")
        assert stored(served, its(Session.pinned)) is True
        press(page, "Unpin", "Unpinned.")
        assert stored(served, its(Session.pinned)) is False
        for again, done in (("Bring back", "It is back."), ("Delete for ever", "Deleted for ever.")):
            press(page, "Delete", "Deleted.")
            assert stored(served, its(Session.deleted_at_ms)) is not None
            page.goto(served.address + deleted)
            choose_row(page, "sessions-")
            press(page, again, done)
            if again == "Bring back":
                assert stored(served, its(Session.deleted_at_ms)) is None
                page.goto(served.address + listed)
                choose_row(page, "sessions-")
    assert stored(served, select(func.count()).where(Completion.session_id == ID)) == 0
