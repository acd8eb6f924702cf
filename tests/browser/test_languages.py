"""The dashboard in French, as a browser shows it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.tabs import OpenTab, Served, settled

pytestmark = pytest.mark.e2e

TILES = ("/?session=s-0003", "/turn?id=58", "/usage", "/savings", "/memory", "/compare?left=s-0003&right=s-0001")
"""Pages with rows of figures."""
CUT_OFF = """() => [...document.querySelectorAll(
    '[data-testid=stMetricLabel] [data-testid=stMarkdownContainer], [data-testid=stSidebarNavLink] span')]
    .filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"""
FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at);
    return {inside: !!at.closest('.st-key-strip'), seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none'};
}"""
MOST_TABS = 40


def test_a_french_browser_gets_a_french_page_and_can_switch(open_tab: OpenTab) -> None:
    with open_tab("/requests", locale="fr-FR") as look:
        page = look.page
        expect(page.get_by_role("heading", name="Requêtes")).to_be_visible()
        expect(page).to_have_title("Requêtes · Kimi Proxy")
        assert page.evaluate("document.documentElement.lang") == "fr"
        settled(page)
        page.locator(".st-key-choice-lang").get_by_text("EN").click()
        expect(page.get_by_role("heading", name="Requests")).to_be_visible()
        expect(page).to_have_url(re.compile(r"[?&]lang=en"))
        page.locator("[data-testid=stSidebarNavLink]", has_text="Memory").click()
        expect(page).to_have_title("Memory · Kimi Proxy")
        expect(page).to_have_url(re.compile(r"/memory.*[?&]lang=en"))


def test_no_label_is_cut_off_in_french(open_tab: OpenTab, served: Served) -> None:
    """French words are longer; a figure without its name says nothing."""
    with open_tab("/", locale="fr-FR") as look:
        for path in TILES:
            look.page.goto(served.address + path)
            settled(look.page)
            expect(look.page.get_by_test_id("stMetricValue").first).to_be_visible()
            assert look.page.evaluate(CUT_OFF) == [], path


def test_the_switch_is_reached_by_keyboard_and_its_focus_is_seen(open_tab: OpenTab) -> None:
    with open_tab("/requests") as look:
        settled(look.page)
        for _number in range(MOST_TABS):
            look.page.keyboard.press("Tab")
            if (focus := look.page.evaluate(FOCUSED))["inside"]:
                break
        assert focus == {"inside": True, "seen": True}
