"""What is longer than a page is turned over, and what is one session's is everybody's again."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from addons.domain.decisions import Original
from addons.domain.masking.placeholder import content_tag
from db import writing
from db.models import Completion, RollupHour
from tests.browser.at_work import extra, rows, stored
from tests.browser.tabs import OpenTab, Served, settled
from tests.browser.tips import ZONE

pytestmark = pytest.mark.e2e


def test_the_second_hundred_of_requests_follows_the_first(open_tab: OpenTab, served: Served) -> None:
    newest = select(Completion.started_at_ms).order_by(Completion.started_at_ms.desc(), Completion.id.desc())
    ((at_ms,),) = rows(served, newest.offset(100).limit(1))
    with open_tab("/requests?period=all") as look:
        page = look.page
        settled(page)
        page.get_by_role("button", name="Page 2").click()
        page.wait_for_url(re.compile("page-requests=2"))
        started = page.locator(".st-key-requests [data-testid=glide-cell-1-0]")
        expect(started).to_contain_text(datetime.fromtimestamp(at_ms // 1_000, ZoneInfo(ZONE)).isoformat(" "))


def test_one_sessions_requests_are_left_for_all(open_tab: OpenTab, served: Served) -> None:
    one = select(func.count()).select_from(Completion).where(Completion.session_id == "s-0009")
    every = select(func.sum(RollupHour.completions))
    with open_tab("/requests?period=all&of=s-0009") as look:
        page = look.page
        expect(page.get_by_text(f"{stored(served, one)} requests", exact=True)).to_be_visible()
        settled(page)
        page.get_by_role("button", name="All sessions").click()
        expect(page.get_by_text(f"{stored(served, every)} requests", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="All sessions")).to_have_count(0)
        expect(page).not_to_have_url(re.compile("[?&]of="))


def test_a_long_original_is_read_page_by_page(open_tab: OpenTab, served: Served) -> None:
    text = "\n".join(f"line {number} of a long text" for number in range(1, 4_001))
    original = Original(tag=content_tag(text), session_id="s-0124", text=text, kind="log", tool="", path="",
                        tokens=24_000, at_ms=served.store.now_ms)  # fmt: skip
    with extra(served, 124):
        with served.store.engine.begin() as tx:
            writing.write(tx, [original], "p-1")
        with open_tab(f"/masked?digest={original.tag}") as look:
            shown = look.page.locator(".st-key-original")
            expect(shown.get_by_text("line 1 of a long text")).to_be_visible()
            settled(look.page)
            shown.get_by_role("button", name="Page 2").click()
            expect(shown.get_by_text("line 1 of a long text")).to_have_count(0)
            expect(shown.get_by_text(re.compile("^line [0-9]+ of a long text")).first).to_be_visible()
