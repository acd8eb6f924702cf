"""What the browser's tests are given, and how a page is waited for.

`inner_text`, `count` or `evaluate` read once, and may read what was there before: what comes of a click is waited for
by `expect`, which looks again. Streamlit's sign that it runs comes half a second late, so its absence says nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, TimeoutError
from sqlalchemy import delete

from db.inbox import Inbox
from db.tables import commands
from tests import filled

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
MARGIN = 15
ANSWER_S = 60
"""Of a server that has two busy cores; httpx waits five by itself."""
ROW_PX = 35
"""Of a table: its cells are painted, and are not elements."""
WHOLE = "[data-testid=stApp]:has(.st-key-page-end [data-stale=false]):not(:has([data-testid=stSkeleton]))"
"""The end of a page is drawn last, after a tab's first run; while the page is drawn anew, what is of the run before is
stale. Not so while a part of it draws itself anew, which may never rest on a busy machine. A skeleton stands for what
is being loaded."""
TRIES, OPEN_MS = 5, 10_000
"""Of an open selectbox."""
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


def settled(page: Page) -> None:
    """All of a page is there. After an action only once something has been seen that its run alone draws: the browser
    may not have heard of that run yet, and shows the page before."""
    page.locator(WHOLE).wait_for(state="attached")


def click_row(page: Page, row: int, key: str = "") -> None:
    """In the margin of a table; rows count from 0. Without the table's key: in the page's first one."""
    settled(page)  # what is drawn above a table moves it
    found = page.locator(f".st-key-{key} [data-testid=stDataFrame]" if key else "[data-testid=stDataFrame]").first
    found.scroll_into_view_if_needed()
    found.get_by_test_id(f"glide-cell-1-{row}").wait_for(state="attached")  # a moment after the row is painted
    found.click(position={"x": MARGIN, "y": ROW_PX * (row + 1) + ROW_PX // 2})


def choose(page: Page, name: str, option: str | int) -> None:
    """In a selectbox whose value is in the address: by its words, or by its place. Until the page is drawn with it."""
    settled(page)
    box, options = page.locator(f".st-key-choice-{name}").get_by_role("combobox"), page.get_by_role("option")
    shown, before = box.input_value().split(), _in_address(page.url, name)
    wanted = options.nth(option) if isinstance(option, int) else options.get_by_text(option, exact=True)
    words = pick(box, wanted).split()
    if words != shown:
        page.wait_for_url(lambda url: _in_address(url, name) != before)
    settled(page)


def pick(box: Locator, option: Locator) -> str:
    """Opens a selectbox and clicks an option; returns its words. What the page draws a moment later may take the focus,
    and what was open closes: then once more, as a person would."""
    for _ in range(TRIES):
        box.click()
        with suppress(TimeoutError):
            words = option.inner_text(timeout=OPEN_MS)
            option.click(timeout=OPEN_MS)
            return words
        box.press("Escape")
    raise AssertionError(f"{option} was not there to be clicked, {TRIES} times")


def _in_address(url: str, name: str) -> list[str]:
    return parse_qs(urlsplit(url).query).get(name, [])


@contextmanager
def obeying(served: Served, carry_out: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]) -> Iterator[None]:
    """The inbox of a proxy over the dashboard's store: it carries out what people ask for, and takes every setting.
    What was asked for before, when there was none, it does not see."""
    with served.store.engine.begin() as tx:
        tx.execute(delete(commands).where(commands.c.done_at_ms.is_(None)))
    inbox = Inbox(served.url, on_settings=lambda _values: {}, on_command=carry_out, proxy_id="p-2")
    inbox.start()
    try:
        yield
    finally:
        inbox.close()
