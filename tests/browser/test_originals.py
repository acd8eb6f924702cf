"""Originals are found again by what a person remembers of them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served, settled

pytestmark = pytest.mark.e2e


def test_originals_are_found_by_their_words_and_by_their_digest(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/masked?period=all&of=s-0003") as look:
        page = look.page
        settled(page)
        page.locator(".st-key-text-find input").fill("refused billing")
        page.locator(".st-key-text-find input").press("Enter")
        expect(page.get_by_text("6 originals hold these words")).to_be_visible()
        page.wait_for_url(re.compile("find=refused"))
        choose_row(page, "hits", 1)
        expect(page.locator(".st-key-original").get_by_text("ERROR connection to billing refused")).to_be_visible()
        page.wait_for_url(re.compile("digest="))
        tag = re.search("digest=([^&]+)", page.url)
        assert tag
        beginning = tag[1].replace("%3A", ":")[:9]
        page.goto(f"{served.address}/masked?of=s-0003")
        settled(page)
        page.locator(".st-key-text-digest input").fill(beginning)
        page.locator(".st-key-text-digest input").press("Enter")
        expect(page.locator(".st-key-original").get_by_text("ERROR connection to billing refused")).to_be_visible()
