"""A dashboard of its own over a filled store, and a Chromium that notes every request and every complaint."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from addons.services.simulator.free_port import free_port
from tests.browser import scene
from tests.browser.tabs import APP, Look, OpenTab, Served

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
START_S = 90
FIRST_PAINT_MS = 40_000
"""Generous: the first page imports everything, and the machine may have two busy cores."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists() and os.environ.get("KIMI_REQUIRE_ALL") != "1":
        pytest.skip(f"{CHROMIUM} is not installed")
    expect.set_options(timeout=FIRST_PAINT_MS)  # else 5 s, which a busy machine may take
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("dashboard"), free_port()) as made:
        yield made


@contextmanager
def serving(folder: Path, port: int) -> Iterator[Served]:
    """Started in a folder that is neither the checkout nor dashboard/, so its settings must come from beside app.py."""
    url = f"sqlite:///{folder / 'sessions.db'}"
    store = scene.stage(url, time.time_ns() // 1_000_000)
    places = {"HOME": str(folder), "KIMI_HOME": str(folder / "kimi"), "KIMI_DATABASE_URL": url}
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | places
    command = [Path(sys.executable).with_name("streamlit"), "run", APP, "--server.port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=environ, stdin=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, process)
            yield Served(address, store, url)
        finally:
            process.terminate()
            store.engine.dispose()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """:raises AssertionError: if it ends by itself, or does not answer in time."""
    pause, give_up_s = threading.Event(), time.monotonic() + START_S
    while True:
        assert process.poll() is None, "streamlit ended by itself"
        assert time.monotonic() < give_up_s, f"no answer within {START_S} s"
        try:
            if httpx.get(f"{address}/_stcore/health", timeout=2).is_success:
                return
        except httpx.TransportError:
            pause.wait(0.2)


@pytest.fixture
def open_tab(served: Served, browser: Browser) -> OpenTab:
    """A tab on a page of the dashboard; when it closes, it must have asked nobody else, and have had no complaint."""

    @contextmanager
    def tab(path: str = "/", scheme: str = "light", width: int = 1280, locale: str = "en-GB") -> Iterator[Look]:
        context = browser.new_context(
            viewport={"width": width, "height": 1400},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=locale,
            timezone_id="Europe/Berlin",
        )
        page = context.new_page()
        page.set_default_timeout(FIRST_PAINT_MS)
        look = Look(page)
        page.on("request", look.request)
        page.on("console", look.console)
        page.on("pageerror", lambda error: look.complaints.append(str(error)))
        page.goto(served.address + path)
        try:
            page.wait_for_selector("[data-testid=stSidebarNavLink]", state="attached")
            yield look
        finally:  # a tab left open by a failed test would go on asking, and slow the next ones
            context.close()
        assert look.elsewhere == []
        assert look.complaints == []

    return tab
