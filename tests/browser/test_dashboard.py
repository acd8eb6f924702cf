"""What a person sees: charts with colours in them, the store's figures, and nothing fetched from elsewhere."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from dashboard import format
from dashboard.pages import PAGES
from db.models import Completion, Session
from tests.browser.tabs import ANSWER_S, OpenTab, Served, settled
from tests.filled import HOSTILE

pytestmark = pytest.mark.e2e

CHARTS = ("context", "input", "output", "fill")
"""Of the session page."""
FIGURE = "[data-testid=stMetricValue]"


def wait_for_charts(page: Page) -> None:
    for key in CHARTS:
        page.wait_for_selector(f".st-key-chart-{key} canvas")
    page.wait_for_selector("[data-testid=stDataFrame] canvas")


def test_the_tiles_equal_the_store(open_tab: OpenTab, served: Served) -> None:
    with served.store.engine.connect() as tx:
        row = tx.execute(select(Session).where(Session.id == "s-0003")).one()
        latest = tx.execute(
            select(Completion.cached_tokens, Completion.prompt_tokens)
            .where(Completion.session_id == "s-0003", Completion.cached_tokens.is_not(None))
            .order_by(Completion.id.desc())
            .limit(50)
        ).all()
    cached = sum(one.cached_tokens for one in latest) / sum(one.prompt_tokens for one in latest)
    with open_tab("/?session=s-0003") as look:
        window, tiles = (look.page.locator(f".st-key-{key} {FIGURE}") for key in ("context-figures", "tiles"))
        expect(tiles).to_have_text(
            [
                format.tokens(row.saved_tokens),
                format.usd(row.cost_usd),
                format.percent(cached),
                format.percent(row.memory_ratio),
            ]
        )
        expect(window.nth(0)).to_have_text(format.percent(row.context_fill))
        expect(window.nth(2)).to_have_text(str(row.turns))


def test_a_session_has_an_address_of_its_own(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/session?session=s-0003") as look:
        expect(look.page.get_by_text("Fix flaky test in checkout").first).to_be_visible()
        expect(look.page.get_by_role("heading", name="Session", exact=True)).to_be_visible()
        expect(look.page).to_have_url(f"{served.address}/?session=s-0003")


def test_a_new_request_moves_the_figures_and_keeps_the_charts_in_place(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/?session=s-0001") as look:
        settled(look.page)
        wait_for_charts(look.page)
        look.page.evaluate("document.querySelector('.st-key-chart-context canvas').dataset.mark = 'same'")
        served.store.request("s-0001", context_fill=0.77)
        with served.store.engine.begin() as tx:
            tx.execute(update(Session).where(Session.id == "s-0001").values(context_fill=0.77, turns=4_711))
        values = look.page.locator(f".st-key-context-figures {FIGURE}")
        expect(values.nth(2)).to_have_text("4711")
        expect(values.nth(0)).to_have_text("77%")
        assert look.page.locator(".st-key-chart-context canvas").get_attribute("data-mark") == "same"


def test_a_hostile_name_is_shown_as_it_is_and_fetches_nothing(open_tab: OpenTab) -> None:
    with open_tab("/?session=s-0002") as look:
        expect(look.page.get_by_text(HOSTILE).first).to_be_visible()
        assert look.page.locator("img[src*='evil.example']").count() == 0
        assert look.page.locator("a[href*='evil.example']").count() == 0


def test_the_menu_leads_through_all_pages(open_tab: OpenTab) -> None:
    with open_tab("/") as look:
        for title in (page.title for page in (*PAGES[1:], PAGES[0])):
            look.page.get_by_test_id("stSidebarNavLink").get_by_text(title, exact=True).click()
            expect(look.page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def test_the_browser_itself_refuses_an_image_from_elsewhere(open_tab: OpenTab) -> None:
    """Should captured text ever be rendered, nothing is fetched all the same."""
    with open_tab("/set_up") as look:
        refused = look.page.evaluate(
            """() => new Promise(done => {
                document.addEventListener('securitypolicyviolation', event => done(event.violatedDirective));
                const image = new Image(); image.src = 'http://127.0.0.1:9/leak.png'; document.body.append(image);
            })"""
        )
        assert refused == "img-src"
        look.complaints[:] = [one for one in look.complaints if "leak.png" not in one]


def test_a_foreign_host_or_origin_gets_nothing(served: Served) -> None:
    assert httpx.get(served.address, headers={"host": "evil.example"}, timeout=ANSWER_S).status_code == 403
    upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13",
               "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "origin": "http://evil.example"}  # fmt: skip
    assert httpx.get(f"{served.address}/_stcore/stream", headers=upgrade, timeout=ANSWER_S).status_code == 403


def test_the_logo_and_the_favicon_are_our_own(open_tab: OpenTab) -> None:
    with open_tab("/sessions") as look:
        icon = look.page.locator("link[rel*=icon]").first.get_attribute("href") or ""
        assert Path(icon).suffix == ".png"
        assert not icon.startswith("http") or icon.startswith("http://127.0.0.1:")
