"""Sessions are split, merged and deleted by clicks, in the store itself, and every click can be taken back."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from db import managing
from db.models import Completion, Session
from tests.browser.at_work import press
from tests.browser.tabs import Look, OpenTab, Served, click_row, obeying, pick
from tests.filled import HOUR_MS

pytestmark = pytest.mark.e2e

ONE, OTHER = "s-0100", "s-0104"
NAMES = {ONE: "Kept apart", OTHER: "Kept together"}
AS_BEFORE = {"Kept apart": 9, "Kept together": 5}


@pytest.fixture(scope="module")
def two(served: Served) -> Served:
    """Two sessions more, of nine and five requests, whose names begin alike."""
    store = served.store
    store.session(100, requests=AS_BEFORE[NAMES[ONE]], age_ms=50 * HOUR_MS)
    store.session(104, requests=AS_BEFORE[NAMES[OTHER]], age_ms=60 * HOUR_MS)
    for session_id, name in NAMES.items():
        store.change(session_id, name=name)
    store.sums()
    return served


@contextmanager
def listed(open_tab: OpenTab, served: Served) -> Iterator[Look]:
    """Their list, over a store in which a proxy does what it is asked for."""
    engine = served.store.engine

    def carry_out(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return managing.HANDLERS[kind](engine, payload)

    with obeying(served, carry_out), open_tab("/sessions?period=all&q=Kept") as look:
        expect(look.page.get_by_text("2 sessions", exact=True)).to_be_visible()
        yield look


def stored(served: Served) -> dict[str, int]:
    """How many requests each of them has, by its name."""
    counted = select(Session.name, func.count(Completion.id).label("requests")).join(
        Completion, Completion.session_id == Session.id
    )
    counted = counted.where(Session.name.startswith("Kept"), Session.deleted_at_ms.is_(None)).group_by(Session.id)
    with served.store.engine.connect() as tx:
        return {row.name: row.requests for row in tx.execute(counted)}


def taken_back(page: Page, done: str) -> None:
    press(page, "Undo", done)
    expect(page.get_by_text("2 sessions", exact=True)).to_be_visible()


def test_a_session_is_split_and_is_one_again(open_tab: OpenTab, two: Served) -> None:
    with listed(open_tab, two) as look:
        page = look.page
        click_row(page, 0)
        page.get_by_role("button", name="Split", exact=True).click()
        begin = page.get_by_label("The new session begins with")
        pick(begin, page.get_by_role("option", name=re.compile("^Turn 2 ")))
        page.get_by_label("Its name").fill("Kept: from the second turn on")
        press(page, "Split here", "Split.")
        expect(page.get_by_text("3 sessions", exact=True)).to_be_visible()
        assert stored(two) == {"Kept apart": 4, "Kept: from the second turn on": 5, "Kept together": 5}
        taken_back(page, "They are one again.")
    assert stored(two) == AS_BEFORE


def test_two_sessions_are_merged_and_are_apart_again(open_tab: OpenTab, two: Served) -> None:
    with listed(open_tab, two) as look:
        page = look.page
        click_row(page, 0)
        expect(page.get_by_role("button", name="Delete")).to_be_visible()
        click_row(page, 1)
        press(page, "Merge", "Merged.")
        expect(page.get_by_text("1 session", exact=True)).to_be_visible()
        assert list(stored(two).values()) == [sum(AS_BEFORE.values())]
        taken_back(page, "They are apart again.")
    assert stored(two) == AS_BEFORE


def test_a_session_is_deleted_and_is_back(open_tab: OpenTab, two: Served) -> None:
    with listed(open_tab, two) as look:
        page = look.page
        click_row(page, 1)
        press(page, "Delete", "Deleted.")
        expect(page.get_by_text("1 session", exact=True)).to_be_visible()
        assert stored(two) == {"Kept apart": 9}
        taken_back(page, "It is back.")
    assert stored(two) == AS_BEFORE
