"""A page that has nothing to show says so, and its links lead on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.tabs import OpenTab, Served, settled

pytestmark = pytest.mark.e2e

SET_UP = ("Set up the proxy and your editor", "set_up")
WAYS_ON = {
    "/?session=no-such": ("There is no such session.", SET_UP, ("All sessions", "sessions")),
    "/turn?id=999999999": ("There is no such request.", ("All requests", "requests")),
    "/compare?left=no-such&right=s-0003": ("The session on the left does not exist.", ("All sessions", "sessions")),
    "/sessions?provider=no-such": ("No session matches.", SET_UP),
    "/usage?provider=no-such": ("No request matches.", SET_UP),
    "/savings?provider=no-such": ("No answered request matches.", SET_UP),
    "/compression?provider=no-such": ("Nothing was compressed in this selection.", ("Settings", "settings")),
    "/alerts?provider=no-such": ("No alert in this selection.", ("Settings", "settings")),
}
"""By address: what is said, and each link with the page it leads to."""


def test_nothing_found_is_said_and_leads_on(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/set_up") as look:
        page = look.page
        for address, (words, *links) in WAYS_ON.items():
            for name, leads in links:
                page.goto(served.address + address)
                expect(page.get_by_text(words)).to_be_visible()
                settled(page)
                page.get_by_test_id("stMain").get_by_role("link", name=name, exact=True).click()
                page.wait_for_url(re.compile(f"/{leads}([?].*)?$"))
                settled(page)
                assert page.get_by_test_id("stException").count() == 0
