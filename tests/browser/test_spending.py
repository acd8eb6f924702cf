"""What a person sees of costs and of memory: the charts in their colours, and the store's figures."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from dashboard import format
from db.models import RollupHour
from tests.browser.tabs import OpenTab, Served, click_row, settled

pytestmark = pytest.mark.e2e


def test_the_cost_equals_the_store(open_tab: OpenTab, served: Served) -> None:
    with served.store.engine.connect() as tx:
        paid = tx.scalar(select(func.sum(RollupHour.cost_usd)).where(RollupHour.provider == "mistral"))
    with open_tab("/usage?period=all&provider=mistral") as look:
        values = look.page.locator("[data-testid=stMetricValue]")
        expect(values.first).to_have_text(format.usd(paid))
        expect(look.page.get_by_text("The same as a table")).to_have_count(3)


def test_the_memory_of_a_session_is_opened_from_its_segment(open_tab: OpenTab) -> None:
    with open_tab("/memory?of=s-0000") as look:
        expect(look.page.get_by_text("60 requests · estimated")).to_be_visible()
        click_row(look.page, 0, key="segments")
        look.page.get_by_text("Open its session").click()
        look.page.wait_for_url(re.compile("session=s-0000"))


def test_the_pager_shows_all_pages_of_two(open_tab: OpenTab, served: Served) -> None:
    served.store.masked("s-0007", count=60)
    with open_tab("/masked?of=s-0007") as look:
        expect(look.page.get_by_text("60 masked")).to_be_visible()
        settled(look.page)
        look.page.get_by_role("button", name="Page 2").click()
        expect(look.page.get_by_role("button", name="Page 1")).to_be_visible()
