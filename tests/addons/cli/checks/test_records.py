"""Settings and store in each state a person can meet."""

import os
from pathlib import Path

from addons.cli.checks import records
from addons.cli.checks.finding import Level
from addons.domain import places
from db import engine, schema
from tests.addons.cli.checks.conftest import MakeSurroundings


def test_the_shipped_settings_are_fine(surroundings: MakeSurroundings) -> None:
    (finding,) = records.settings(surroundings())
    assert finding.level is Level.FINE and "providers.toml" in finding.what


def test_settings_that_cannot_be_used_are_wrong(surroundings: MakeSurroundings, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[providers.x]\nhosts = 3\n")
    (finding,) = records.settings(surroundings(KIMI_PROVIDERS=str(path)))
    assert finding.level is Level.WRONG and "mine.toml" in finding.what


def test_no_database_yet_is_a_note(surroundings: MakeSurroundings) -> None:
    (finding,) = records.store(surroundings())
    assert finding.level is Level.NOTE and "./just up" in finding.advice


def test_a_database_of_ours_is_fine(surroundings: MakeSurroundings) -> None:
    writer = engine.writer(places.database_url(os.environ))
    schema.upgrade(writer)
    writer.dispose()
    (finding,) = records.store(surroundings())
    assert finding.level is Level.FINE and finding.what.endswith("its schema is current")


def test_a_url_that_is_none_is_wrong(surroundings: MakeSurroundings) -> None:
    (finding,) = records.store(surroundings(KIMI_DATABASE_URL="nonsense"))
    assert finding.level is Level.WRONG and "KIMI_DATABASE_URL" in finding.what
