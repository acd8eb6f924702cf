"""`./just demo` as a newcomer starts it."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from addons.domain.places import ROOT
from addons.services.simulator.free_port import free_port

pytestmark = pytest.mark.e2e

COMMAND = [sys.executable, "-m", "addons.cli"]
TIMEOUT_S = 300.0
"""Until the back-fill is in: Streamlit's first import on a busy machine takes most of it."""


def test_the_demo_fills_the_store_and_stops_cleanly(tmp_path: Path) -> None:
    ports = {name: free_port() for name in ("proxy", "gateway", "dashboard")}
    options = [word for name, port in ports.items() for word in (f"--{name}-port", str(port))]
    command = [*COMMAND, "demo", "--folder", str(tmp_path / "demo"), *options]
    log = tmp_path / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ.copy(), stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + TIMEOUT_S
        while "A morning's calls are in" not in (text := log.read_text(encoding="utf-8")):
            assert process.poll() is None, text
            assert time.monotonic() < deadline, text
            time.sleep(0.2)
        assert f"http://127.0.0.1:{ports['dashboard']}" in text
        with urllib.request.urlopen(f"http://127.0.0.1:{ports['dashboard']}/", timeout=60) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, log.read_text(encoding="utf-8")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    check(tmp_path / "demo")


def check(folder: Path) -> None:
    """Every kind of page has something to show."""
    with closing(sqlite3.connect(f"file:{folder / 'sessions.db'}?mode=ro", uri=True)) as connection:
        outcomes = dict(connection.execute("SELECT outcome, count(*) FROM completions GROUP BY 1"))
        kinds = {row[0] for row in connection.execute("SELECT DISTINCT kind FROM completions")}
        providers = {row[0] for row in connection.execute("SELECT DISTINCT provider FROM completions")}
        days = {row[0] for row in connection.execute("SELECT DISTINCT started_at_ms / 86400000 FROM completions")}
        latest = "SELECT context_fill, cost_usd, saved_tokens FROM sessions ORDER BY last_seen_ms DESC LIMIT 1"
        fill, cost, saved = connection.execute(latest).fetchone()
        (fullest,) = connection.execute("SELECT max(context_fill) FROM completions WHERE outcome = 'ok'").fetchone()
    assert outcomes["ok"] > 150
    assert outcomes["error"] >= 3
    assert outcomes["upstream_abort"] == 1
    assert kinds == {"chat", "autocomplete", "title", "compaction", "compression", "embedding", "rerank"}
    assert len(providers) >= 9
    assert fullest > 0.8
    assert len(days) >= 5
    assert fill > 0.5 and cost > 1 and saved > 1_000_000, "the page that opens first has to have something to show"
    assert (folder / "continue" / "logs" / "core.log").read_text(encoding="utf-8").count("Error") > 5
