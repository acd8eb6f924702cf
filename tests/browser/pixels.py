"""What is really drawn in a chart: a chart without its rows passes any look at the DOM."""

import io
import time
import tomllib
from collections.abc import Callable, Iterable

from PIL import Image
from playwright.sync_api import Page

from dashboard.charts.series import SERIES
from tests.browser.tabs import APP

THEME = tomllib.loads((APP.parent / ".streamlit" / "config.toml").read_text())["theme"]

MOST_S = 40
"""For a chart to be drawn on a machine that has two busy cores."""


def colour(name: str, scheme: str) -> tuple[int, int, int]:
    return rgb(THEME[scheme]["chartCategoricalColors"][list(SERIES).index(name)])


def rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def shade(name: str, scheme: str) -> tuple[int, int, int]:
    """Of a series, or a colour itself."""
    return rgb(name) if name.startswith("#") else colour(name, scheme)


def pixels(png: bytes, wanted: tuple[int, int, int]) -> int:
    """How many have this colour, give or take what anti-aliasing does."""
    seen: Iterable[tuple[int, tuple[int, int, int]]] = (
        Image.open(io.BytesIO(png)).convert("RGB").getcolors(1 << 24) or ()
    )
    return sum(count for count, rgb in seen if all(abs(a - b) <= 6 for a, b in zip(rgb, wanted, strict=True)))


def seen(page: Page, key: str, name: str, scheme: str) -> int:
    """Coloured pixels of a series (or of a colour) in a chart, once it is drawn, which is after it is in the page."""
    return _counted(page, key, shade(name, scheme), lambda count: count > 150)


def gone(page: Page, key: str, name: str, scheme: str) -> int:
    """As `seen`, of what has to go: none, once the chart is drawn anew."""
    return _counted(page, key, shade(name, scheme), lambda count: not count)


def _counted(page: Page, key: str, wanted: tuple[int, int, int], is_enough: Callable[[int], bool]) -> int:
    give_up_s = time.monotonic() + MOST_S
    while True:
        count = pixels(page.locator(f".st-key-chart-{key} canvas").screenshot(), wanted)
        if is_enough(count) or time.monotonic() > give_up_s:
            return count
        page.wait_for_timeout(250)
