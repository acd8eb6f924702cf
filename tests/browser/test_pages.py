"""Every page as a person sees it, wide and narrow, light and dark: its charts drawn, its figures the store's, captured
text as text, and nothing asked of anybody else (which `open_tab` watches)."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.pages import PAGES
from tests.browser.pixels import THEME, rgb, seen, shade
from tests.browser.shown import SHOWN
from tests.browser.tabs import OpenTab, Served, settled
from tests.browser.tips import TIPS, told

pytestmark = pytest.mark.e2e

WIDE, NARROW = 1400, 800
FETCHED = "img[src*='evil.example'], [href*='evil.example'], [href^='javascript:'], [style*='evil.example']"
BACKGROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
"""Which charts and tables do a moment after the window has another width."""
HEIGHT = "Math.max(1000, ...[...document.querySelectorAll('.stMainBlockContainer')].map(one => one.scrollHeight))"


def picture(page: Page, file: str, scheme: str, width: int) -> None:
    """Kept for who looks at the run afterwards, where KIMI_ARTEFACTS names a folder for it."""
    folder = os.environ.get("KIMI_ARTEFACTS")
    if folder:
        page.set_viewport_size({"width": width, "height": min(page.evaluate(HEIGHT), 4_000)})
        page.wait_for_timeout(500)  # charts take their width a moment after the page
        page.screenshot(path=Path(folder) / "pages" / f"{file.removesuffix('.py')}-{width}-{scheme}.png")


def test_no_page_is_left_out() -> None:
    assert set(SHOWN) == {page.file for page in PAGES}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("file", SHOWN)
def test_a_page_shows_all_it_has(open_tab: OpenTab, served: Served, file: str, scheme: str) -> None:
    wanted = SHOWN[file]
    with served.store.engine.connect() as tx:
        texts = wanted.texts(tx)
        right = {key: tips(tx) for key, tips in TIPS.get(file, {}).items()}
    with open_tab(wanted.address, scheme=scheme, width=WIDE) as look:
        page = look.page
        for text in texts:
            expect(page.get_by_text(text, exact=True).filter(visible=True).first).to_be_visible()
        settled(page)
        for key in wanted.charts:
            page.wait_for_selector(f".st-key-chart-{key} canvas")
        counts = {(key, name): seen(page, key, name, scheme) for key, names in wanted.charts.items() for name in names}
        assert all(count > 150 for count in counts.values()), counts
        assert set(right) == set(wanted.charts)
        for key, name in counts if scheme == "light" else ():  # what they say does not change with their colours
            tip = told(page, key, shade(name, scheme))
            assert any(one.items() <= tip.items() for one in right[key]), (key, name, tip)
        assert rgb(THEME[scheme]["backgroundColor"]) == tuple(map(int, page.evaluate(BACKGROUND)[4:-1].split(",")))
        if wanted.hostile:  # also what a table paints, which stands in it for who cannot see it
            expect(page.locator("body")).to_contain_text("evil.example")
        picture(page, file, scheme, WIDE)
        page.set_viewport_size({"width": NARROW, "height": 1_000})
        expect(page.get_by_text("Proxy alive").first).to_be_visible()
        page.wait_for_function(FITS)
        assert page.locator(FETCHED).count() == 0
        assert page.get_by_test_id("stException").count() == 0
        picture(page, file, scheme, NARROW)
