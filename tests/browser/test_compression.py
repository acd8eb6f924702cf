"""A compression is tried with another number of exchanges, then asked for; and what happened before is told."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from db.models import Event
from tests.browser.at_work import press, rows
from tests.browser.scene import TOLD
from tests.browser.tabs import OpenTab, Served, obeying, settled
from tests.filled import WINDOW

pytestmark = pytest.mark.e2e


def test_as_many_exchanges_are_kept_as_are_typed(open_tab: OpenTab, served: Served) -> None:
    asked: list[Mapping[str, Any]] = []

    def tried(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append({"kind": kind, **payload})
        return {"messages": 36, "kept_exchanges": payload["keep_exchanges"], "tokens_before": 98_000,
                "tokens_after": 500, "prompt_tokens_before": 120_000, "prompt_tokens_after": 22_500,
                "context_window": WINDOW, "text": "[Summary of the 36 oldest messages]", "asked": False}  # fmt: skip

    with obeying(served, tried), open_tab(f"/compression?session={TOLD}&period=all") as look:
        page = look.page
        settled(page)
        kept = page.get_by_role("spinbutton", name="Exchanges to keep")
        kept.fill("7")
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_text("the latest 7 exchanges stay")).to_be_visible()
        expect(page.get_by_text("120k → 22.5k")).to_be_visible()
        expect(page.get_by_text("[Summary of the 36 oldest messages]")).to_be_visible()
        kept.press("ArrowUp")
        press(page, "Compress now", "Asked for: the session's next request is compressed.")
    of = {"kind": "compress", "session_id": TOLD}
    assert asked == [of | {"keep_exchanges": 7, "dry_run": True}, of | {"keep_exchanges": 8, "dry_run": False}]


def test_what_happened_is_told_step_by_step(open_tab: OpenTab, served: Served) -> None:
    its = select(Event.level, Event.kind).where(Event.kind == "compression", Event.session_id == TOLD)
    levels = [str(level) for level, _kind in rows(served, its.order_by(Event.at_ms.desc(), Event.id.desc()))]
    with open_tab(f"/compression?period=all&of={TOLD}") as look:
        settled(look.page)
        below = look.page.get_by_test_id("stExpander").filter(has_text="What happened, step by step")
        below.get_by_text("What happened, step by step").click()
        expect(below.locator("[data-testid^=glide-cell-1-]")).to_have_text(levels)
        expect(below.locator("[data-testid^=glide-cell-2-]").last).to_contain_text("summary")
