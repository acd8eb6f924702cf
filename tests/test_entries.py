"""Both entries start the way people start them: another directory, no PYTHONPATH.

Under pytest the checkout is on the path anyway, so only a process of its own notices a missing bootstrap.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from addons.cli.programs import LOOPBACK, dashboard_answers, gateway_answers
from addons.domain.places import ROOT
from addons.services.simulator.free_port import free_port

pytestmark = [pytest.mark.smoke, pytest.mark.e2e]

START_S = 120
"""Streamlit's first import on a busy machine."""
COMMANDS = Path(sys.executable).parent


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "else where"
    folder.mkdir()
    return folder


def without_path() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, cwd=folder, env=without_path(), stdin=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def wait_for(answers: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Until it does; fails if the process ends first, or after START_S."""
    deadline = time.monotonic() + START_S
    while not answers():
        assert process.poll() is None, f"{process.args!r} ended by itself"
        assert time.monotonic() < deadline, f"no answer within {START_S} s"
        time.sleep(0.1)


def test_mitmdump_runs_the_addons(elsewhere: Path) -> None:
    """Only they can answer at the gateway."""
    proxy, gateway = free_port(), free_port()
    command = [str(COMMANDS / "mitmdump"), "--listen-host", LOOPBACK, "--mode", f"regular@{LOOPBACK}:{proxy}"]
    command += ["--mode", f"reverse:https://gateway.invalid@{LOOPBACK}:{gateway}"]
    with running([*command, "-s", str(ROOT / "addons" / "kimi.py")], elsewhere) as process:
        wait_for(lambda: gateway_answers(gateway), process)


def test_streamlit_serves_the_dashboard(elsewhere: Path) -> None:
    port = free_port()
    command = [str(COMMANDS / "streamlit"), "run", str(ROOT / "dashboard" / "app.py"), "--server.port", str(port)]
    with running(command, elsewhere) as process:
        wait_for(lambda: dashboard_answers(port), process)
