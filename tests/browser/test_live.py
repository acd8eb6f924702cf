"""The live page goes by itself, unless a person wants it to stand still."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from db.models import Completion
from tests.browser.at_work import stored
from tests.browser.tabs import OpenTab, Served, pick, settled

pytestmark = pytest.mark.e2e

LIVE_MS = 3_000
"""After which a live page has a change, on a machine that is not busy."""


def test_a_session_stands_still_until_it_is_live_again(open_tab: OpenTab, served: Served) -> None:
    counted = (Completion.usage_source == "reported", Completion.outcome == "ok", Completion.kind == "chat")
    latest = select(Completion.id).where(Completion.session_id == "s-0006").order_by(Completion.id.desc()).limit(25)
    with open_tab("/?session=s-0006") as look:
        page = look.page
        settled(page)
        pick(page.locator(".st-key-shown").get_by_role("combobox"), page.get_by_role("option", name="25", exact=True))
        among = stored(served, select(func.count()).where(Completion.id.in_(latest), *counted))
        expect(page.get_by_text(f"from {among} requests shown here")).to_be_visible()
        page.locator(".st-key-live label").first.click()
        expect(page.get_by_text("and not live")).to_be_visible()
        drawn_at, time = page.get_by_text("and not live"), ""
        while time != (time := drawn_at.inner_text()):  # a refresh from before may still be under way
            page.wait_for_timeout(LIVE_MS)
        turns = page.locator(".st-key-context-figures [data-testid=stMetricValue]").nth(2)
        before = turns.inner_text()
        served.store.change("s-0006", turns=4_712)
        page.wait_for_timeout(LIVE_MS)
        expect(turns).to_have_text(before)
        page.locator(".st-key-live label").first.click()
        expect(turns).to_have_text("4712")
        expect(page.get_by_text("and not live")).to_be_hidden()
