"""What a person sees of costs: the charts in their colours, and the store's figures."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from dashboard import format
from dashboard.charts.cache_share import HUES
from db.models import RollupHour
from tests.browser.pixels import seen
from tests.browser.tabs import OpenTab, Served

pytestmark = pytest.mark.e2e

USAGE = {"cost": HUES[1:4:2], "tokens": HUES[:4], "compared": ("sent", "before", "fresh")}
"""Each chart, and what has to be seen in it; providers in the order of their names, of which groq has no price."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_chart_shows_its_series(open_tab: OpenTab, scheme: str) -> None:
    with open_tab("/usage?period=all", scheme=scheme) as look:
        for key in USAGE:
            look.page.wait_for_selector(f".st-key-chart-{key} canvas")
        counts = {(key, name): seen(look.page, key, name, scheme) for key, names in USAGE.items() for name in names}
        assert all(count > 150 for count in counts.values()), counts


def test_the_cost_equals_the_store(open_tab: OpenTab, served: Served) -> None:
    with served.store.engine.connect() as tx:
        paid = tx.scalar(select(func.sum(RollupHour.cost_usd)).where(RollupHour.provider == "mistral"))
    with open_tab("/usage?period=all&provider=mistral") as look:
        values = look.page.locator("[data-testid=stMetricValue]")
        expect(values.first).to_have_text(format.usd(paid))
        expect(look.page.get_by_text("The same as a table")).to_have_count(3)
