"""Ports: who has them, and what a person is told."""

import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace

import pytest

from addons.cli.programs import LOOPBACK, Ports, accepts, dashboard_answers, gateway_answers, get, is_free
from addons.domain.errors import UserError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free() -> int:
    with socket.create_server((LOOPBACK, 0)) as server:
        return int(server.getsockname()[1])


def test_a_port_that_is_listened_on_is_not_free(taken: int) -> None:
    assert not is_free(taken)
    assert accepts(taken)


def test_a_port_nobody_listens_on_is_free(free: int) -> None:
    assert is_free(free)
    assert not accepts(free)


@pytest.mark.parametrize("name", ["proxy", "gateway", "dashboard"])
def test_a_taken_port_is_named_with_the_option_that_changes_it(taken: int, free: int, name: str) -> None:
    ports = replace(Ports(proxy=free, gateway=free, dashboard=free), **{name: taken})
    with pytest.raises(UserError, match=f"port {taken} for the {name} is taken on 127.0.0.1; .* --{name}-port"):
        ports.require_free()


def test_only_the_ports_of_the_program_that_starts_matter(taken: int, free: int) -> None:
    Ports(proxy=taken, gateway=taken, dashboard=free).require_free("dashboard")
    Ports(proxy=free, gateway=free, dashboard=taken).require_free("proxy")


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1"])
def test_a_port_out_of_range_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    Ports.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--proxy-port=" + text])
    assert "--proxy-port" in capsys.readouterr().err


def test_the_options_and_the_usual_ports_agree() -> None:
    parser = ArgumentParser()
    Ports.add_arguments(parser)
    assert Ports.of(parser.parse_args([])) == Ports()
    assert Ports.of(parser.parse_args(["--gateway-port", "9000"])) == Ports(gateway=9000)


def test_what_does_not_speak_http_is_neither_gateway_nor_dashboard(free: int) -> None:
    assert get(free, "/") == (0, b"")
    assert not gateway_answers(free)
    assert not dashboard_answers(free)
