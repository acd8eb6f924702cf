import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from addons.domain.places import ROOT
from addons.services.simulator.server import Simulator


def test_it_stops_and_its_port_is_free_again() -> None:
    with Simulator() as first:
        port = first.port
    with Simulator(port=port) as second:
        assert second.port == port


def test_a_taken_port_is_an_error(simulator: Simulator) -> None:
    with pytest.raises(OSError, match="in use"):
        Simulator(simulator.directory, port=simulator.port).start()


def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "addons.services.simulator", "--directory", str(tmp_path / "ca")]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ.copy()) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
    assert re.fullmatch(rf"simulator: listening on 127.0.0.1:\d+, trust {tmp_path}/ca/mitmproxy-ca-cert.pem\n", line)
    assert process.returncode == 0
