"""`./just screenshots`: plays the demo, and photographs it for README.md."""

import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from addons.domain.places import ROOT
from addons.services.simulator.free_port import free_port
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.tabs import click_row

FOLDER = ROOT / "docs" / "images"
WIDTH, HEIGHT, COLOURS = 1400, 900, 256
MENU, MARGIN = 260, 16
"""Left out of a picture that does not show the beginning of a page, where it is empty; and left above what it shows."""
READY_S, DRAWN_MS, SETTLED_MS = 400.0, 60_000, 4_000
"""Generous, as the demo first sends some 400 calls; charts take a moment to be drawn after they are in the page."""
PACE_S = "6"
SAYS_READY = "Where to look"


class Picture(NamedTuple):
    name: str
    path: str
    waits_for: str
    """A selector of what has to be drawn."""
    height: int = HEIGHT
    begins_at: str = ""
    """A selector of what stands at the top; "" for the page's beginning."""
    click_row: int | None = None
    """Of the first table, counted from 0."""


PICTURES = (
    Picture("session", "/", ".st-key-chart-context canvas", 915),
    Picture("filling", "/", ".st-key-chart-fill canvas", 480, begins_at=".st-key-charts"),
    Picture("savings", "/savings", ".st-key-chart-net canvas", 900),
    Picture("usage", "/usage?period=7d", ".st-key-chart-compared canvas", 900),
    Picture("masked", "/masked?of_kind=log", "[data-testid=stDataFrame] canvas", 640, ".st-key-original", click_row=0),
)


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The dashboard's address, once a morning's calls are in.

    :raises RuntimeError: if the demo ends by itself, or takes too long.
    """
    ports = {name: free_port() for name in ("proxy", "gateway", "dashboard")}
    options = [word for name, port in ports.items() for word in (f"--{name}-port", str(port))]
    command = [sys.executable, "-m", "addons.cli", "demo", "--folder", str(folder / "demo"), "--pace", PACE_S, *options]
    log, pause, give_up_s = folder / "demo.log", threading.Event(), time.monotonic() + READY_S
    with log.open("wb") as output, subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
        try:
            while SAYS_READY not in (said := log.read_text(encoding="utf-8")):
                if process.poll() is not None or time.monotonic() > give_up_s:
                    raise RuntimeError(f"the demo did not get ready:\n{said}")
                pause.wait(0.5)
            yield f"http://127.0.0.1:{ports['dashboard']}"
        finally:
            process.terminate()


def photograph(page: Page, address: str, picture: Picture) -> bytes:
    """As PNG with few colours, which is a third of the size and looks the same."""
    page.set_viewport_size({"width": WIDTH, "height": 3_000 if picture.begins_at else picture.height})
    page.goto(address + picture.path)
    page.wait_for_selector(picture.waits_for)
    if picture.click_row is not None:
        click_row(page, picture.click_row)
        page.wait_for_selector(picture.begins_at)
    page.wait_for_timeout(SETTLED_MS)
    box = page.locator(picture.begins_at).bounding_box() if picture.begins_at else None
    left, top = (MENU, max(0, box["y"] - MARGIN)) if box else (0, 0)
    shot = page.screenshot(clip={"x": left, "y": top, "width": WIDTH - left, "height": picture.height})
    made = io.BytesIO()
    # MAXCOVERAGE: the median cut shows the colour of a small square in a legend as another's.
    whole = Image.open(io.BytesIO(shot)).convert("RGB")
    small = whole.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(made, "PNG", optimize=True)
    return made.getvalue()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", CHROMIUM), args=FLAGS)
        page = browser.new_page(locale="en-GB", timezone_id="Europe/Berlin", color_scheme="light")
        page.set_default_timeout(DRAWN_MS)
        with demo(Path(temporary)) as address:
            for picture in PICTURES:
                (FOLDER / f"{picture.name}.png").write_bytes(photograph(page, address, picture))
        browser.close()


if __name__ == "__main__":
    main()
