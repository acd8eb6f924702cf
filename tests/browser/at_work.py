"""A proxy at work over the dashboard's store, what is asked of it by a click, and what the store holds then."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import Page, expect

from addons.domain.errors import UserError
from db import acknowledging, managing
from tests.browser.tabs import Served, obeying, settled
from tests.filled import HOUR_MS


@contextmanager
def working(served: Served) -> Iterator[None]:
    """A proxy that does in the store what it is asked for."""
    engine = served.store.engine

    def carry_out(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        if kind == "acknowledge_alert":
            acknowledging.acknowledge(engine, payload["alert_id"], served.store.now_ms)
        return managing.HANDLERS[kind](engine, payload) if kind in managing.HANDLERS else {}

    with obeying(served, carry_out):
        yield


@contextmanager
def extra(served: Served, *numbers: int) -> Iterator[list[str]]:
    """Sessions of four requests each, of the days before, which are gone afterwards: the store is as it was."""
    ids = [served.store.session(number, requests=4, age_ms=number * HOUR_MS) for number in numbers]
    served.store.sums()
    try:
        yield ids
    finally:
        for session_id in ids:
            for kind in ("delete_session", "erase_session"):
                with suppress(UserError):  # where the test itself got so far
                    managing.HANDLERS[kind](served.store.engine, {"session_id": session_id})
        served.store.sums()


def stored(served: Served, query: Any) -> Any:
    """The first column of the first row; None where there is none."""
    with served.store.engine.connect() as tx:
        return tx.scalar(query)


def press(page: Page, name: str, done: str) -> None:
    """A button, until the page says what became of it. While a page is drawn anew, a click may meet no button."""
    settled(page)
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text(done, exact=True)).to_be_visible()


def rows(served: Served, query: Any) -> list[Any]:
    with served.store.engine.connect() as tx:
        return list(tx.execute(query).all())
