"""Each link leads to what it is named after, and the keyboard reaches what a page is mostly used with."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served, choose, settled

pytestmark = pytest.mark.e2e

FOCUSED = "() => document.activeElement.closest('[class*=st-key-]')?.className.match(/st-key-([\\w-]+)/)?.[1] ?? ''"
LAST_OF_FRAME = ".st-key-choice-lang button"
MOST_TABS = 40
MAIN = {
    "/?session=s-0003": "live", "/sessions": "text-q", "/compare": "choice-left", "/requests": "choice-period",
    "/turn?id=58": "previous", "/usage": "choice-period", "/savings": "choice-period", "/memory": "choice-period",
    "/masked": "text-find", "/compression": "compress-preview", "/ide_log": "choice-period",
    "/limits": "choice-period", "/alerts": "acknowledge-all", "/settings": "text-find",
}  # fmt: skip
"""By a page's address: the key of the control that it is mostly used with. Set up has texts to copy, and no other."""


class Links(NamedTuple):
    address: str
    leads: Mapping[str, str]
    """By their words: how their address ends; ID stands for a request's number."""
    table: str = ""
    """Whose first row is chosen; "" for none."""


LINKS = {
    "session": Links("/?session=s-0000", {
        "Compare": "compare?left=s-0000", "What is masked": "masked?of=s-0000&period=all",
        "Its savings": "savings?of=s-0000&period=all", "Its memory": "memory?of=s-0000&period=all",
        "Its requests": "requests?of=s-0000&period=all", "All costs": "usage?period=30d", "Limits": "limits",
        "All about it": "turn?id=ID"}),
    "session of the list": Links("/sessions?period=all&q=s-0003", {
        "Open the session": "?session=s-0003", "Its requests": "requests?of=s-0003&period=all",
        "Its savings": "savings?of=s-0003&period=all", "What it masks": "masked?of=s-0003&period=all"}, "sessions-"),
    "side": Links("/compare?left=s-0002&right=s-0003", {"Open the session": "?session=s-0002"}),
    "request of the list": Links("/requests?period=all&of=s-0003", {
        "All about it": "turn?id=ID", "Open its session": "?session=s-0003"}, "requests"),
    "request": Links("/turn?id=58", {
        "Its session": "?session=s-0000", "Its session's requests": "requests?of=s-0000&period=all"}),
    "epoch": Links("/savings?period=all&of=s-0006", {
        "Open its request": "turn?id=ID", "Open its session": "?session=s-0006"}, "epochs"),
    "segment": Links("/memory?period=all&of=s-0002", {
        "Memory of its session": "memory?of=s-0002", "Open its session": "?session=s-0002"}, "segments"),
    "original": Links("/masked?period=all&of=s-0002", {"Open its session": "?session=s-0002"}, "masked"),
    "summary": Links("/compression?period=all&of=s-0008", {
        "Open its first request": "turn?id=ID", "Open its session": "?session=s-0008"}, "log"),
    "call of the log": Links("/ide_log?period=all", {
        "Settings": "settings", "Open the request": "turn?id=ID"}, "calls"),
    "usage": Links("/usage?period=all&provider=groq", {
        "Cost of each": "requests?period=all&provider=groq", "Their savings": "savings?period=all&provider=groq",
        "Last 24 hours": "requests?period=24h&provider=groq", "Last 30 days": "requests?period=30d&provider=groq",
        "Each of them": "requests?period=all&provider=groq"}),
    "savings": Links("/savings?period=all&of=s-0003", {
        "Saved in each": "requests?period=all&of=s-0003", "Cost of each": "requests?period=all&of=s-0003"}),
    "compressions": Links("/compression?period=all", {
        "Their savings": "savings?period=all", "Cost of each": "requests?period=all&kind=compression"}),
    "alert": Links("/alerts?period=all&level=critical", {"Open its session": "?session=s-0003"}, "alerts-"),
}  # fmt: skip


@pytest.mark.parametrize("name", LINKS)
def test_a_link_leads_to_what_it_is_named_after(open_tab: OpenTab, name: str) -> None:
    address, leads, table = LINKS[name]
    with open_tab(address, width=1400) as look:
        page = look.page
        settled(page)  # a link that is just drawn anew takes no click
        if table:
            choose_row(page, table)
        for words, end in leads.items():
            link = page.get_by_test_id("stMain").get_by_role("link", name=words, exact=True).first
            expect(link).to_have_attribute("href", re.compile(f"(^|/){re.escape(end).replace('ID', '[0-9]+')}$"))
        link.click()
        page.wait_for_url(re.compile(f"/{re.escape(end).replace('ID', '[0-9]+')}$"))
        settled(page)
        assert page.get_by_test_id("stException").count() == 0


def test_a_link_names_all_filters_and_the_menu_keeps_what_was_chosen(open_tab: OpenTab) -> None:
    with open_tab("/requests?period=all") as look:
        page, menu = look.page, look.page.get_by_test_id("stSidebarNavLink")
        choose(page, "provider", "groq")
        menu.filter(has_text="Usage and cost").click()
        page.wait_for_url(re.compile("/usage.*provider=groq"))
        settled(page)
        menu.get_by_text("Session", exact=True).click()
        expect(page.get_by_role("heading", name="Session", exact=True)).to_be_visible()
        settled(page)
        page.get_by_role("link", name="Its requests", exact=True).first.click()
        page.wait_for_url(re.compile("/requests[?]of=s-[0-9]+&period=all$"))
        expect(page.locator(".st-key-choice-provider").get_by_role("combobox")).to_have_value("All providers")


def test_the_keyboard_reaches_what_a_page_is_mostly_used_with(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/set_up") as look:
        page = look.page
        for address, main in MAIN.items():
            page.goto(served.address + address)
            settled(page)
            page.locator(f".st-key-{main}").locator("input, button").first.wait_for(state="attached")
            page.locator(LAST_OF_FRAME).first.focus()
            reached: list[str] = []
            while main not in reached and len(reached) < MOST_TABS:
                page.keyboard.press("Tab")
                reached.append(page.evaluate(FOCUSED))
            assert main in reached, (address, reached)
