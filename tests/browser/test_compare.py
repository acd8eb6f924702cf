"""Each side of the comparison is the session that is picked for it."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dashboard import format
from db.models import Session
from tests.browser.at_work import rows
from tests.browser.tabs import OpenTab, Served, pick, settled

pytestmark = pytest.mark.e2e

PICKED = {"left": "Migrate settings to TOML", "right": "Make the importer stream"}


def test_both_sides_are_picked(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/compare", width=1600) as look:
        page = look.page
        for side, name in PICKED.items():
            settled(page)
            pick(
                page.locator(f".st-key-choice-{side}").get_by_role("combobox"),
                page.get_by_role("option").filter(has_text=name).first,
            )
            page.wait_for_url(re.compile(rf"[?&]{side}=s-"))
            found = re.search(rf"[?&]{side}=(s-\d+)", page.url)
            assert found
            (row,) = rows(served, select(Session).where(Session.id == found[1]))
            assert row.name == name
            shown = page.locator(f".st-key-side-{side}")
            expect(shown.get_by_text(name).first).to_be_visible()
            figures = shown.get_by_test_id("stMetricValue")
            expect(figures.first).to_have_text(format.percent(row.context_fill))
            expect(figures.last).to_have_text(str(row.turns))
        expect(page.locator(".st-key-side-left").get_by_text(PICKED["left"]).first).to_be_visible()
