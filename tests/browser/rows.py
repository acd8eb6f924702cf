"""Tables whose key is not always the same."""

from playwright.sync_api import Page

from tests.browser.tabs import click_row, settled

KEY = "one => one.className.match(/st-key-([^ ]+)/)[1]"


def choose_row(page: Page, table: str, row: int = 0) -> None:
    """By the table's key, or, with a hyphen at its end, by how that begins."""
    key = f"[class*='st-key-{table}']" if table.endswith("-") else f".st-key-{table}"
    settled(page)
    click_row(page, row, page.locator(f"{key}:has([data-testid=stDataFrame])").last.evaluate(KEY))
