"""What the browser's tests are given."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request

from db.inbox import Inbox
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


def choose(page: Page, name: str, option: str | int) -> None:
    """In a selectbox whose value is in the address: by its words, or by its place."""
    page.locator(f".st-key-choice-{name}").get_by_role("combobox").click()
    options = page.get_by_role("option")
    (options.nth(option) if isinstance(option, int) else options.get_by_text(option, exact=True)).click()
    page.wait_for_url(re.compile(rf"[?&]{name}="))


@contextmanager
def obeying(served: Served, carry_out: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]) -> Iterator[None]:
    """The inbox of a proxy over the dashboard's store: it carries out what people ask for, and takes every setting."""
    inbox = Inbox(served.url, on_settings=lambda _values: {}, on_command=carry_out, proxy_id="p-2")
    inbox.start()
    try:
        yield
    finally:
        inbox.close()
