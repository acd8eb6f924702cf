"""How long a page of a warm dashboard takes to appear in Chromium, and what five live tabs cost its server."""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, ViewportSize, sync_playwright

from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from addons.domain.places import ROOT
from addons.services.simulator.free_port import free_port
from db.recorder import Recorder

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SHOWN = "[data-testid=stMetric]:visible, [data-testid=stDataFrame] canvas:visible"
"""What a page is opened for: figures, or a table."""
PAGES = ("", "sessions", "requests", "usage", "savings", "memory", "masked", "compression", "ide_log", "limits")
SIZE: ViewportSize = {"width": 1280, "height": 1000}
KNOWN_AFTER = 2
"""Visits after which Chromium also keeps what it compiled of the scripts."""
START_S, PAINT_MS, LIVE_S = 120.0, 120_000, 20.0
TABS, ROWS_A_SECOND = 5, 5


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    pid: int

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self) -> float:
        return int(Path(f"/proc/{self.pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


@dataclass(frozen=True, slots=True)
class Visits:
    """Seconds; medians."""

    pages_s: dict[str, float]
    """Until figures are to be seen, for each page."""
    fixed_s: float
    """Of these, what Streamlit takes until the frame of a page is there."""


@dataclass(frozen=True, slots=True)
class Painted:
    cold_s: float
    """The first page for the first browser."""
    first: Visits
    """Of a browser that knows nothing, once the server has shown the page before."""
    again: Visits
    """Of a browser that keeps what it fetched, and has shown the page before; each time in a new tab."""
    live_cores: float
    """What five live tabs take."""
    rss_mb: float


def measure(url: str, folder: Path, session_id: str, times: int) -> Painted:
    with ExitStack() as stack:
        server = stack.enter_context(_served(url, folder))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cold_s, _frame = _anew(browser, server, "")
        for page in PAGES:
            _anew(browser, server, page)
        first = _visits(lambda page: _anew(browser, server, page), times)
        kept = playwright.chromium.launch_persistent_context(
            folder / "profile", executable_path=CHROMIUM, args=FLAGS, viewport=SIZE
        )
        for page in PAGES * KNOWN_AFTER:
            _paint(kept, server, page)
        again = _visits(lambda page: _paint(kept, server, page), times)
        kept.close()
        live_cores = _live(browser, server, url, session_id)
        return Painted(cold_s, first, again, live_cores, server.rss_mb())


def _visits(paint: Callable[[str], tuple[float, float]], times: int) -> Visits:
    found = {page: [paint(page) for _ in range(times)] for page in PAGES}
    shown_s = {page or "session": statistics.median(shown for shown, _ in each) for page, each in found.items()}
    return Visits(shown_s, statistics.median(frame for each in found.values() for _, frame in each))


def _anew(browser: Browser, server: Server, path: str) -> tuple[float, float]:
    with closing(browser.new_context(viewport=SIZE)) as context:
        return _paint(context, server, path)


def _paint(context: BrowserContext, server: Server, path: str) -> tuple[float, float]:
    """Seconds until figures are to be seen, and until the menu is there."""
    with closing(context.new_page()) as page:
        page.set_default_timeout(PAINT_MS)
        begin_s = time.perf_counter()
        page.goto(f"{server.address}/{path}", wait_until="commit")
        page.locator("[data-testid=stSidebarNavLink]").first.wait_for(state="attached")
        frame_s = time.perf_counter() - begin_s
        page.locator(SHOWN).first.wait_for(state="visible")
        return time.perf_counter() - begin_s, frame_s


def _live(browser: Browser, server: Server, url: str, session_id: str) -> float:
    """Cores used while five tabs show a session to which a proxy writes."""
    contexts = [browser.new_context() for _ in range(TABS)]
    for context in contexts:
        page = context.new_page()
        page.set_default_timeout(PAINT_MS)
        page.goto(f"{server.address}/?session={session_id}")
        page.locator("[data-testid=stMetric]").first.wait_for(state="visible")
    with _writing(url, session_id):
        before_s = server.cpu_s()
        contexts[0].pages[0].wait_for_timeout(1_000 * LIVE_S)
        used_s = server.cpu_s() - before_s
    for context in contexts:
        context.close()
    return used_s / LIVE_S


@contextmanager
def _writing(url: str, session_id: str) -> Iterator[None]:
    """A proxy's recorder gets five completions a second."""
    recorder = Recorder(url, proxy_id="bench", clock_ms=lambda: time.time_ns() // 1_000_000)
    recorder.start()
    ended = threading.Event()

    def write() -> None:
        while not ended.wait(1 / ROWS_A_SECOND):
            now_ms = time.time_ns() // 1_000_000
            recorder.submit(
                Completion(session_id=session_id, started_at_ms=now_ms, provider="kimi-code", model="kimi-for-coding",
                           kind=Kind.CHAT, stream=True, status=200, outcome=Outcome.OK, prompt_tokens_before=90_000,
                           prompt_tokens_sent=80_000, prompt_tokens=80_000, cached_tokens=70_000,
                           completion_tokens=500, context_window=262_144, context_fill=0.31, turn=9, ttfb_ms=400.0,
                           duration_ms=4_000.0, cost_usd=0.02, cost_unmodified_usd=0.03)
            )  # fmt: skip

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        recorder.close(10)


@contextmanager
def _served(url: str, folder: Path) -> Iterator[Server]:
    port = free_port()
    own = {"HOME": str(folder), "KIMI_HOME": str(folder / "kimi"), "KIMI_DATABASE_URL": url}
    command: Sequence[str | Path] = (Path(sys.executable).with_name("streamlit"), "run",
                                     ROOT / "dashboard" / "app.py", "--server.port", str(port))  # fmt: skip
    with (folder / "dashboard.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    """:raises RuntimeError: if it ends by itself, or does not answer in time."""
    give_up_s = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < give_up_s:
        try:
            if httpx.get(address, timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"the dashboard did not answer within {START_S:g} s")
