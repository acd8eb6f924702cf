"""Continue's folder, with and without what we look for."""

import os

import pytest

from addons.cli.checks import ide
from addons.cli.checks.finding import Level
from addons.cli.programs import Ports
from addons.domain import places
from addons.domain.events import Event
from db import schema, writing
from db.clock import now_ms
from db.engine import opened, writer
from tests.addons.cli.checks.conftest import MakeSurroundings


def test_an_ide_that_was_never_started_is_a_note(surroundings: MakeSurroundings) -> None:
    findings = [*ide.configuration(surroundings()), *ide.logs(surroundings())]
    assert [finding.level for finding in findings] == [Level.NOTE, Level.NOTE]
    assert "CONTINUE_GLOBAL_DIR" in findings[0].advice


def config(text: str) -> None:
    folder = places.continue_dir(os.environ)
    folder.mkdir()
    (folder / "config.yaml").write_text(text)


def test_the_configuration_is_looked_through(surroundings: MakeSurroundings) -> None:
    config("models: [{name: K, provider: openai, model: kimi-for-coding, apiBase: 'http://127.0.0.1:8788/kimi-code'}]")
    found = list(ide.configuration(surroundings(Ports())))
    assert found[0].level is Level.FINE and "1 to the gateway" in found[0].what
    assert any("no native tools" in finding.what for finding in found)


def test_a_configuration_that_cannot_be_read_is_wrong(surroundings: MakeSurroundings) -> None:
    config("models: [")
    (finding,) = ide.configuration(surroundings(Ports()))
    assert finding.level is Level.WRONG


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("reason: connect ECONNREFUSED 127.0.0.1:8080", "nothing answered on port 8080"),
        ("Error: unable to verify the first certificate", "did not trust"),
        ("TypeError: Invalid URL", "it needs http://"),
        ("Error: Connection error. ", '"Connection error."'),
        ("Error: Connection error. \nlater: connect ECONNREFUSED 127.0.0.1:1", "nothing answered on port 1"),
    ],
    ids=["down", "not trusted", "no scheme", "hidden", "the last one counts"],
)
def test_the_last_complaint_of_a_log_is_explained(surroundings: MakeSurroundings, line: str, said: str) -> None:
    (finding,) = ide.complaints(line, "core.log", surroundings(Ports()))
    assert said in finding.what and finding.advice


def test_a_log_without_complaints_says_nothing(surroundings: MakeSurroundings) -> None:
    assert list(ide.complaints("all is well", "core.log", surroundings(Ports()))) == []


@pytest.mark.parametrize(("age_ms", "told"), [(60_000, 1), (48 * 3_600_000, 0)], ids=["a minute ago", "long ago"])
def test_a_client_that_did_not_trust_us_is_told_for_a_day(
    surroundings: MakeSurroundings, age_ms: int, told: int
) -> None:
    with opened(writer, places.database_url(os.environ)) as engine:
        schema.upgrade(engine)
        with engine.begin() as tx:
            writing.write(tx, [Event(at_ms=now_ms() - age_ms, kind="distrust", message="a client hung up")], "p-1")
    found = list(ide.distrust(surroundings(Ports())))
    assert len(found) == told and all("NODE_EXTRA_CA_CERTS" in finding.advice for finding in found)


@pytest.mark.parametrize("name", ["logs/core.log", "dev_data/0.2.0/tokensGenerated.jsonl"])
def test_either_log_is_found(surroundings: MakeSurroundings, name: str) -> None:
    path = places.continue_dir(os.environ) / name
    path.parent.mkdir(parents=True)
    path.touch()
    (finding,) = ide.logs(surroundings())
    assert finding.level is Level.FINE
