"""What a person does to sessions in their list: what the store holds after each click."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from db.models import Completion, Session
from tests.browser.at_work import extra, press, stored, working
from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served, pick, settled

pytestmark = pytest.mark.e2e

ID = "s-0108"


def test_a_session_is_moved_unpinned_brought_back_and_erased(open_tab: OpenTab, served: Served) -> None:
    its = select(Session).where(Session.id == ID).with_only_columns
    listed, deleted = (f"/sessions?period=all&q={ID}", f"/sessions?period=all&show=deleted&q={ID}")
    with extra(served, 108), working(served), open_tab(listed, width=1600) as look:
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


def test_sessions_are_found_by_words_compared_merged_and_taken_out_again(open_tab: OpenTab, served: Served) -> None:
    later, earlier = "s-0116", "s-0120"
    with extra(served, 116, 120), working(served), open_tab("/sessions?period=all", width=1600) as look:
        served.store.change(later, name="Paired, the later one")
        served.store.change(earlier, name="Paired, the earlier one")
        page = look.page
        settled(page)
        page.locator(".st-key-text-q input").fill("paired")
        page.locator(".st-key-text-q input").press("Enter")
        expect(page.get_by_text("2 sessions", exact=True)).to_be_visible()
        expect(page).to_have_url(re.compile("[?&]q=paired"))
        choose_row(page, "sessions-")
        chosen = page.locator(".st-key-selected")
        expect(chosen.get_by_role("button", name="Pin to the top")).to_be_visible()
        choose_row(page, "sessions-", 1)
        link = chosen.get_by_role("link", name="Compare both")
        expect(link).to_have_attribute("href", re.compile(f"compare\\?left={earlier}&right={later}$"))
        pick(
            chosen.locator("[class*=st-key-merge-]").get_by_role("combobox"),
            page.get_by_role("option").filter(has_text="the later one"),
        )
        press(page, "Merge", "Merged.")
        expect(page.get_by_text("1 session", exact=True)).to_be_visible()
        assert stored(served, select(Session.name).where(Session.id == earlier)) == "Paired, the later one"
        page.goto(f"{served.address}/sessions?period=all&show=deleted&q=paired")
        choose_row(page, "sessions-")
        press(page, "Take out again", "They are apart again.")
        assert stored(served, select(func.count()).where(Completion.session_id == later)) == 4
