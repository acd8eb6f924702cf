"""Continue's folder, with and without what we look for."""

import os

import pytest

from addons.cli.checks import ide
from addons.cli.checks.finding import Level
from addons.cli.programs import Ports
from addons.domain import places
from tests.addons.cli.checks.conftest import MakeSurroundings


def test_an_ide_that_was_never_started_is_a_note(surroundings: MakeSurroundings) -> None:
    findings = [*ide.configuration(surroundings()), *ide.logs(surroundings())]
    assert [finding.level for finding in findings] == [Level.NOTE, Level.NOTE]
    assert "CONTINUE_GLOBAL_DIR" in findings[0].advice


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("apiBase: http://127.0.0.1:8788/kimi-code\n", "1 of its addresses lead to the gateway"),
        ("models: []\n", "no address in it leads to the gateway"),
    ],
    ids=["gateway", "none"],
)
def test_the_configuration_says_whether_it_uses_the_gateway(
    surroundings: MakeSurroundings, text: str, said: str
) -> None:
    folder = places.continue_dir(os.environ)
    folder.mkdir()
    (folder / "config.yaml").write_text(text)
    (finding,) = ide.configuration(surroundings(Ports()))
    assert finding.level is Level.FINE and said in finding.what


@pytest.mark.parametrize("name", ["logs/core.log", "dev_data/0.2.0/tokensGenerated.jsonl"])
def test_either_log_is_found(surroundings: MakeSurroundings, name: str) -> None:
    path = places.continue_dir(os.environ) / name
    path.parent.mkdir(parents=True)
    path.touch()
    (finding,) = ide.logs(surroundings())
    assert finding.level is Level.FINE
