"""Who listens on a port."""

import os
import socket
import sys

import pytest

from addons.cli.checks import owner
from addons.cli.programs import LOOPBACK


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_this_process_is_found_by_its_port() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert f"(process {os.getpid()})" in owner.named(port)
    assert owner.named(port) == ""


def test_only_sockets_that_listen_count() -> None:
    table = "  sl  local_address rem_address st …\n"
    table += "   0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 1000 0 111 1\n"
    table += "   1: 0100007F:1F90 0100007F:9999 01 0:0 00:0 0 1000 0 222 1\n"
    table += "   2: 0100007F:0050 00000000:0000 0A 0:0 00:0 0 1000 0 333 1\n"
    assert owner.listening(table, 8080) == ["111"]


@pytest.mark.parametrize(
    ("said", "expected"), [("p123\ncPython\nf4\n", "Python (process 123)"), ("", "")], ids=["one", "none"]
)
def test_lsofs_fields_are_read(said: str, expected: str) -> None:
    assert owner.of_lsof(said) == expected
