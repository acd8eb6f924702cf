"""Under a chart stands the same as a table: its figures are the store's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from db.measures import MemorySegment
from db.models import Completion, RollupHour
from tests.browser.at_work import rows
from tests.browser.tabs import OpenTab, Served, settled
from tests.browser.tips import DAY_MS, ZONE

pytestmark = pytest.mark.e2e

LOOKED_AT = 5
"""Rows from the top: only those in sight are in the page at all."""


def same_as_table(page: Page, place: int, columns: Sequence[int], wanted: Sequence[Sequence[Any]]) -> None:
    """The table under a page's chart number `place`, once it is opened; the first of its columns holds words."""
    settled(page)
    below = page.get_by_test_id("stExpander").nth(place)
    below.get_by_text("The same as a table").click()
    for row, (words, *numbers) in enumerate(wanted[:LOOKED_AT]):
        first, *others = (below.locator(f"[data-testid=glide-cell-{column}-{row}]") for column in columns)
        expect(first).to_have_text(str(words))
        shown = [None if (text := other.text_content()) == "" else float(text or "nan") for other in others]
        assert shown == [number if number is None else pytest.approx(number, abs=0.0002) for number in numbers]


def by_day_and_provider(served: Served) -> list[Any]:
    """Day, provider, cost (None where none is known), requests without price, prompt, completion, requests."""
    offset = datetime.now(ZoneInfo(ZONE)).utcoffset()
    assert offset
    day = ((RollupHour.hour_ms + round(offset.total_seconds() * 1_000)) // DAY_MS).label("day")
    names = ("cost_usd", "unpriced", "prompt_tokens", "completion_tokens", "completions")
    sums = [func.sum(getattr(RollupHour, name)) for name in names]
    query = select(day, RollupHour.provider, *sums).group_by(day, RollupHour.provider)
    return rows(served, query.order_by(day, RollupHour.provider))


def test_cost_and_tokens_of_each_day(open_tab: OpenTab, served: Served) -> None:
    days = by_day_and_provider(served)
    costs = [(provider, usd or None, unpriced) for _day, provider, usd, unpriced, *_tokens in days]
    tokens = [(provider, *of_tokens) for _day, provider, _usd, _unpriced, *of_tokens in days]
    with open_tab("/usage?period=all", width=2000) as look:
        same_as_table(look.page, 0, (1, 2, 3), costs)
        same_as_table(look.page, 1, (1, 2, 3, 4), tokens)


def test_cost_had_it_been_otherwise(open_tab: OpenTab, served: Served) -> None:
    sums = (RollupHour.cost_usd, RollupHour.cost_unmodified_usd, RollupHour.cost_uncached_usd)
    ((paid, *others),) = rows(served, select(*(func.sum(one) for one in sums)))
    wanted = [(words, usd, usd - paid) for words, usd in
              zip(("As it was", "Without us", "Without cache"), (paid, *others), strict=True)]  # fmt: skip
    with open_tab("/usage?period=all", width=2000) as look:
        same_as_table(look.page, 2, (0, 1, 2), wanted)


def test_memory_of_each_request_and_of_each_server(open_tab: OpenTab, served: Served) -> None:
    answered = select(Completion.memory_tokens, Completion.prompt_tokens_sent)
    answered = answered.where(Completion.session_id == "s-0002", Completion.outcome == "ok", Completion.kind == "chat")
    sent = func.sum(MemorySegment.tokens * MemorySegment.sent)
    by_server = select(MemorySegment.server, func.count(), func.sum(MemorySegment.tokens), sent)
    by_server = by_server.where(MemorySegment.session_id == "s-0002").group_by(MemorySegment.server, MemorySegment.type)
    with open_tab("/memory?period=all&of=s-0002", width=2000) as look:
        same_as_table(look.page, 0, (2, 3), rows(served, answered.order_by(Completion.started_at_ms)))
        wanted = rows(served, by_server.order_by(sent.desc(), MemorySegment.server, MemorySegment.type))
        same_as_table(look.page, 1, (0, 2, 3, 4), wanted)
