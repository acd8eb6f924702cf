"""A filter changes what a person sees to what the store has of it: charts, figures and tables."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from dashboard import format
from dashboard.charts.cache_share import HUES
from db.models import Completion, RollupHour
from tests.browser.pixels import gone, seen
from tests.browser.tabs import OpenTab, Served, choose, settled

pytestmark = pytest.mark.e2e

MODEL = "codestral-latest"
TOKENS = RollupHour.prompt_tokens + RollupHour.completion_tokens


def first_row(page: Page, name: str) -> list[str]:
    """The cells of a table's first row, as they are for who cannot see them: of the table that begins with a name."""
    first = page.locator("[data-testid=glide-cell-0-0]").get_by_text(name, exact=True)
    grid = page.locator("[data-testid=stDataFrame] table").filter(has=first)
    first.wait_for(state="attached")
    return grid.locator("[data-testid^=glide-cell][data-testid$='-0']").all_inner_texts()


def test_a_model_is_chosen_and_everything_is_of_it_alone(open_tab: OpenTab, served: Served) -> None:
    sums = (RollupHour.cost_usd, TOKENS, RollupHour.completions)
    with served.store.engine.connect() as tx:
        usd, tokens, requests = tx.execute(
            select(*(func.sum(one) for one in sums)).where(RollupHour.model == MODEL)
        ).one()
    with open_tab("/usage?period=all") as look:
        page = look.page
        assert seen(page, "tokens", HUES[3], "light") > 150  # the fourth provider
        choose(page, "model", MODEL)
        values = page.locator("[data-testid=stMetricValue]")
        expect(values.nth(0)).to_have_text(format.usd(usd))
        expect(values.nth(1)).to_have_text(format.tokens(tokens))
        expect(values.nth(3)).to_have_text(str(requests))
        assert gone(page, "tokens", HUES[3], "light") == 0
        assert seen(page, "tokens", HUES[0], "light") > 150  # the only provider that has it
        name, provider, cost, _share, all_tokens, _cached, count = first_row(page, MODEL)
        assert (name, provider, int(all_tokens), int(count)) == (MODEL, "mistral", tokens, requests)
        assert float(cost) == pytest.approx(usd, abs=0.0001)


def test_what_matches_nothing_says_so_and_a_click_brings_all_back(open_tab: OpenTab, served: Served) -> None:
    with served.store.engine.connect() as tx:
        every = tx.scalar(select(func.count()).select_from(Completion))
    with open_tab("/requests?model=no-such-model&project=shop") as look:
        page = look.page
        expect(page.get_by_text("No request matches.")).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Clear filters").click()
        expect(page.get_by_text(f"{every} requests", exact=True)).to_be_visible()
        page.wait_for_url("**/requests?period=all")
