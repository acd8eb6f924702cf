"""What can be done about the largest messages of a session, and about another session."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from db.models import Session
from tests.browser.at_work import stored, working
from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served, pick, settled

pytestmark = pytest.mark.e2e

MASKED_ROW = 1
"""Of the largest messages of a filled session: the one that was masked."""


def test_another_session_is_picked_and_its_largest_messages_are_acted_on(open_tab: OpenTab, served: Served) -> None:
    with working(served), open_tab("/") as look:
        page = look.page
        settled(page)
        pick(
            page.locator(".st-key-choice-session").get_by_role("combobox"),
            page.get_by_role("option").filter(has_text="Fix flaky test in checkout").first,
        )
        page.wait_for_url(re.compile("[?&]session=s-0003"))
        turns = page.locator(".st-key-context-figures").get_by_test_id("stMetricValue").nth(2)
        expect(turns).to_have_text(str(stored(served, select(Session.turns).where(Session.id == "s-0003"))))
        card = page.locator(".st-key-largest-messages")
        choose_row(page, "largest", MASKED_ROW)
        expect(card.get_by_role("link", name="Open the original")).to_have_attribute("href", re.compile("digest="))
        card.get_by_role("button", name="Mask now").click()
        expect(card.get_by_text("The session's next request masks all that may go.")).to_be_visible()
        card.get_by_role("button", name="Compress now").click()
        page.wait_for_url(re.compile("/compression[?].*session=s-0003"))
        expect(page.get_by_role("heading", name="Compression")).to_be_visible()
