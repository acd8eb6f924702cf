"""What the browser's tests are given."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Request

from tests import filled

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
MARGIN = 15
ROW_PX = 35
"""Of a table: its cells are painted, and are not elements."""
PROBES = ("/_stcore/health", "/_stcore/host-config")
"""Streamlit's page looks for its server below its own path first, and finds nothing there: no fault of ours."""


@dataclass(slots=True)
class Served:
    """A running dashboard."""

    address: str
    store: filled.Filler
    url: str
    """Of the store."""


@dataclass  # no slots: Playwright leaves a note on the object whose method it calls
class Look:
    """One browser tab, with what it asked for and complained about."""

    page: Page
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            self.elsewhere.append(request.url)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith(PROBES):
            self.complaints.append(message.text)


OpenTab = Callable[..., AbstractContextManager[Look]]


def click_row(page: Page, row: int, key: str = "") -> None:
    """In the margin of a table; rows count from 0. Without the table's key: in the page's first one."""
    found = page.locator(f".st-key-{key} [data-testid=stDataFrame]" if key else "[data-testid=stDataFrame]").first
    found.locator("canvas").first.wait_for()
    found.scroll_into_view_if_needed()
    found.click(position={"x": MARGIN, "y": ROW_PX * (row + 1) + ROW_PX // 2})
