"""Clients that run, known by their arguments, and what their environment lacks."""

import pytest

from addons.cli.checks import clients
from addons.cli.checks.finding import Level
from addons.cli.checks.lines import Client
from addons.cli.programs import Ports
from tests.addons.cli.checks.conftest import MakeSurroundings


@pytest.mark.parametrize(
    ("words", "client"),
    [
        (["/opt/pycharm/bin/pycharm", "."], Client.JETBRAINS),
        (["/x/core/continue-binary"], Client.JETBRAINS),
        (["/usr/share/code/code", "--type=renderer"], Client.VSCODE),
        (["node", "/usr/bin/cn", "-p", "hello"], Client.CN),
        (["grep", "cn"], None),
        (["bash"], None),
        ([], None),
    ],
)
def test_a_client_is_known_by_its_program(words: list[str], client: Client | None) -> None:
    assert clients.client_of(b"".join(word.encode() + b"\0" for word in words)) is client


def test_an_environment_is_read_as_linux_shows_it() -> None:
    assert clients.read(b"A=1\0B=x=y\0\0") == {"A": "1", "B": "x=y"}


def test_what_a_client_was_started_without_is_said(surroundings: MakeSurroundings) -> None:
    around = surroundings(Ports())
    (complete,) = clients.started_with(Client.CN, around.variables, around)
    assert complete.level is Level.FINE
    for name, value in (("HTTPS_PROXY", ""), ("HTTPS_PROXY", "127.0.0.1:8080"), ("NODE_EXTRA_CA_CERTS", "/other")):
        (lacking,) = clients.started_with(Client.CN, around.variables | {name: value}, around)
        assert lacking.level is Level.NOTE and lacking.advice.endswith(" cn")
