"""A backup as a person makes it."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from addons.cli import backup
from addons.domain import places
from addons.domain.errors import UserError
from addons.services.authority import KEY_FILE, ensure_authority
from db import backups, engine, schema


def arguments(*words: str) -> Namespace:
    parser = ArgumentParser()
    backup.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def set_up() -> None:
    writer = engine.writer(places.database_url(os.environ))
    schema.upgrade(writer)
    writer.dispose()
    ensure_authority(places.authority_dir(os.environ), ("x.example",))
    (places.home(os.environ) / "providers.toml").write_text("# mine\n")


def test_the_key_goes_along_only_where_it_is_asked_for(
    set_up: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup.run(arguments(str(tmp_path / "a.db"))) == 0
    assert backups.look(tmp_path / "a.db").files == ("providers.toml",)
    assert backup.run(arguments(str(tmp_path / "b.db"), "--with-ca")) == 0
    assert f"ca/{KEY_FILE}" in backups.look(tmp_path / "b.db").files
    assert "0 sessions" in capsys.readouterr().out


def test_without_a_name_it_lies_in_our_own_folder(set_up: None) -> None:
    assert backup.run(arguments()) == 0
    (made,) = (places.home(os.environ) / "backups").iterdir()
    assert made.name.startswith("kimi-proxy-2")


def test_without_a_store_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no database"):
        backup.run(arguments(str(tmp_path / "a.db")))


def test_postgresql_has_tools_of_its_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KIMI_DATABASE_URL", "postgresql+psycopg://me:secret@localhost/kimi")
    assert backup.run(arguments()) == 0
    printed = capsys.readouterr().out
    assert "pg_dump" in printed and "secret" not in printed
