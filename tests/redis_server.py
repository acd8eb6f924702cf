"""Debian's redis-server on a free port of the loopback, with nothing written to disk."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from addons.cli.programs import accepts
from addons.services.simulator.free_port import LISTEN, free_port

READY_S = 120.0


class RedisServer:
    """Skips the test where it is not installed, unless KIMI_REQUIRE_ALL=1 says that nothing may be skipped."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            reason = "redis-server is not installed (Debian: apt-get install redis-server)"
            if os.environ.get("KIMI_REQUIRE_ALL") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        self.program, self.folder, self.port = program, folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where a busy machine may take longer to answer than a proxy usually waits for."""
        return f"redis://{LISTEN}:{self.port}/0?socket_timeout={READY_S}&socket_connect_timeout={READY_S}"

    def start(self) -> None:
        options = (
            "--port",
            str(self.port),
            "--bind",
            LISTEN,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        )
        self.process = subprocess.Popen([self.program, *options], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_S
        while not accepts(self.port):
            assert self.process.poll() is None and time.monotonic() < deadline, "redis-server did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
