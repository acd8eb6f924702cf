"""Set up: each way to point an editor at the proxy is opened, and what stands there is copied."""

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard import recipes
from tests.browser.tabs import OpenTab, settled

pytestmark = pytest.mark.e2e

TABS = {"VS Code": ('"http.proxy"', "ca-certificates", "code ."), "PyCharm": ("pycharm .", "launchctl"),
        "cn": ("cn -p", "export HTTPS_PROXY", "NODE_USE_ENV_PROXY"),
        "Without a certificate": ("apiBase", "GOOGLE_GEMINI_BASE_URL")}  # fmt: skip
"""By tab: a word of each text to copy."""
COPIED = "async text => (await navigator.clipboard.readText()).trim() === text.trim()"


def copy(page: Page, code: Locator, text: str) -> None:
    code.hover()
    code.get_by_role("button", name="Copy to clipboard").click()
    page.wait_for_function(COPIED, arg=text)


def test_every_text_of_every_tab_is_copied(open_tab: OpenTab) -> None:
    with open_tab("/set_up") as look:
        page = look.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        settled(page)
        copy(page, page.get_by_test_id("stCode").first, recipes.start())
        for tab, words in TABS.items():
            page.get_by_role("tab", name=tab, exact=True).click()
            texts = page.get_by_role("tabpanel").filter(visible=True).get_by_test_id("stCode")
            expect(texts).to_have_count(len(words))
            for place, word in enumerate(words):
                text = texts.nth(place)
                expect(text).to_contain_text(word)
                copy(page, text, text.locator("code").inner_text())
