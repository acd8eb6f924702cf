"""Captured text is text, in French too: on every page, in what a chosen row opens, and in an alert's toast."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from db.models import Completion
from tests.browser.rows import choose_row
from tests.browser.scene import WORSE
from tests.browser.shown import SHOWN
from tests.browser.tabs import OpenTab, Served, settled

pytestmark = pytest.mark.e2e

FORGED = """() => [
    ...document.querySelectorAll(`[href*='evil.example'], [src*='evil.example'], [style*='evil.example'],
        [href^='javascript:'], [aria-label='home icon'], .katex`),
    ...[...document.querySelectorAll('strong, b, em, i')].filter(one => one.innerText === 'bold'),
].map(one => one.outerHTML.slice(0, 200))"""
"""What there would be, were any of the hostile texts drawn as more than text."""
OPENS = {
    "requests.py": ("requests", "details"),
    "masked.py": ("masked", "original"),
    "compression.py": ("log", "summary"),
    "ide_log.py": ("events", "event"),
    "alerts.py": ("alerts-", "details"),
}
"""By page: the table whose first row is chosen, and what that opens."""


def addresses(served: Served) -> dict[str, str]:
    """Those at which the hostile session, model, error and contents are shown."""
    query = select(Completion.id).where(Completion.model == WORSE, Completion.session_id == "s-0002")
    with served.store.engine.connect() as tx:
        newest = tx.scalar(query.order_by(Completion.id.desc()))
    of_it = {
        "session.py": "/?session=s-0002",
        "turn.py": f"/turn?id={newest}",
        "requests.py": "/requests?period=all&of=s-0002&outcome=error",
        "compression.py": "/compression?period=all&of=s-0002",
        "ide_log.py": "/ide_log?period=all&level=warning",
        "alerts.py": "/alerts?period=all&level=warning",
        "memory.py": "/memory?period=all&of=s-0002",
    }
    return {file: of_it.get(file, shown.address) for file, shown in SHOWN.items()}


def test_nothing_captured_is_drawn_as_anything_but_text(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/set_up", locale="fr-FR", width=2000) as look:
        page = look.page
        for file, address in addresses(served).items():
            page.goto(served.address + address)
            settled(page)
            if SHOWN[file].hostile:
                expect(page.locator("body")).to_contain_text("evil.example")
            if file in OPENS:
                table, opened = OPENS[file]
                choose_row(page, table)
                expect(page.locator(f".st-key-{opened}")).to_be_visible()
                settled(page)
            assert page.evaluate(FORGED) == [], file
            assert page.get_by_test_id("stException").count() == 0, file


def test_an_alert_is_told_at_once_and_as_text(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/settings", locale="fr-FR") as look:
        page = look.page
        settled(page)  # from its first run on, alerts are news
        served.store.alert(f"{WORSE} www.evil.example :smile: ana@evil.example", key="told at once")
        toast = page.get_by_test_id("stToast").filter(has_text="evil.example").first
        expect(toast).to_be_visible()
        assert page.evaluate(FORGED) == []
        assert toast.locator("a, img, [role=img]").count() == 0
