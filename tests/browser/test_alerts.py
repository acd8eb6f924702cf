"""Alerts are acknowledged by clicks, in the store itself."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from db.alert_tables import Alert
from tests.browser.at_work import press, stored, working
from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served

pytestmark = pytest.mark.e2e


def test_one_alert_is_acknowledged_and_the_open_ones_are_left(open_tab: OpenTab, served: Served) -> None:
    served.store.alert("The day's budget is used up", level="info", key="budget", provider="elsewhere")
    its = select(Alert.acknowledged_at_ms).where(Alert.key == "budget")
    with working(served), open_tab("/alerts?period=all&level=info&state=open") as look:
        page = look.page
        choose_row(page, "alerts-")
        assert stored(served, its) is None
        press(page, "Acknowledge", "The alert is acknowledged.")
        assert stored(served, its) is not None
        expect(page.get_by_text("No alert in this selection.")).to_be_visible()
        page.get_by_role("button", name="Clear filters").click()
        page.wait_for_url("**/alerts?period=all")
