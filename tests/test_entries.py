"""Both entries start the way people start them: another directory, no PYTHONPATH.

Under pytest the checkout is on the path anyway, so only a process of its own notices a missing bootstrap.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from addons.cli.programs import LOOPBACK, dashboard_answers
from addons.domain.places import ROOT

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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, cwd=folder, env=without_path(), stdin=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def test_mitmdump_loads_the_addons_and_knows_their_options(elsewhere: Path) -> None:
    done = subprocess.run(
        [str(COMMANDS / "mitmdump"), "-s", str(ROOT / "addons" / "kimi.py"), "--options"],
        cwd=elsewhere,
        env=without_path(),
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kimi_providers:" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_streamlit_serves_the_dashboard(elsewhere: Path) -> None:
    port = free_port()
    command = [str(COMMANDS / "streamlit"), "run", str(ROOT / "dashboard" / "app.py"), "--server.port", str(port)]
    with running(command, elsewhere) as process:
        give_up = threading.Event()
        timer = threading.Timer(START_S, give_up.set)
        timer.start()
        while not dashboard_answers(port):
            assert process.poll() is None, "streamlit ended by itself"
            assert not give_up.wait(0.2), f"no answer within {START_S} s"
        timer.cancel()
