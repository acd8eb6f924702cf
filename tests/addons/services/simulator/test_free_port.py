import itertools
import socket

import pytest

from addons.services.simulator import free_port as module
from addons.services.simulator.free_port import BELOW_EPHEMERAL, LISTEN, free_port


def test_no_port_is_given_twice() -> None:
    ports = [free_port() for _ in range(200)]
    assert len(set(ports)) == len(ports)
    assert set(ports) <= set(BELOW_EPHEMERAL)


def test_a_port_that_somebody_listens_on_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_port()
    with socket.create_server((LISTEN, 0)) as server:
        taken = server.getsockname()[1]
        monkeypatch.setattr(module, "_numbers", itertools.cycle([taken, free]))
        assert free_port() == free


def test_without_any_the_error_names_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LISTEN, 0)) as server:
        monkeypatch.setattr(module, "_numbers", itertools.repeat(server.getsockname()[1]))
        with pytest.raises(OSError, match=r"no port of 127\.0\.0\.1 from 20000 to 32767 is free"):
            free_port()
