"""Every chart shows its series, in both themes: a chart can be blank without any error."""

import pytest

from dashboard.charts.cache_share import HUES
from tests.browser.pixels import seen
from tests.browser.tabs import OpenTab

pytestmark = pytest.mark.e2e

SAVINGS = {"waterfall": ("before", "masked", "sent"), "cache": (HUES[0],), "net": ("gain",)}
TURN = {"parts": ("system", "tools", "history", "new"), "timings": ("first", "stream")}
USAGE = {"cost": HUES[1:4:2], "tokens": HUES[:4], "compared": ("sent", "before", "fresh")}
MEMORY = {"memory": ("memory",), "sources": ("memory", "fresh")}
"""Each chart, and what has to be seen in it; providers in the order of their names, of which groq has no price."""
PAGES = [
    ("/savings?period=all", SAVINGS),
    ("/turn?id=58", TURN),
    ("/usage?period=all", USAGE),
    ("/memory?period=all", MEMORY),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "charts"), PAGES, ids=[path for path, _ in PAGES])
def test_every_chart_shows_its_series(
    open_tab: OpenTab, path: str, charts: dict[str, tuple[str, ...]], scheme: str
) -> None:
    with open_tab(path, scheme=scheme) as look:
        for key in charts:
            look.page.wait_for_selector(f".st-key-chart-{key} canvas")
        counts = {(key, name): seen(look.page, key, name, scheme) for key, names in charts.items() for name in names}
        assert all(count > 150 for count in counts.values()), counts
