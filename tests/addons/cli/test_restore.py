"""A backup put back: store, settings and authority as they were, and what was there kept."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from addons.cli import backup, restore
from addons.domain import places
from addons.services.authority import ensure_authority, load_authority
from db import backups, engine, schema


def arguments(module: object, *words: str) -> Namespace:
    parser = ArgumentParser()
    module.add_arguments(parser)  # type: ignore[attr-defined]
    return parser.parse_args(words)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A backup with everything."""
    writer = engine.writer(places.database_url(os.environ))
    schema.upgrade(writer)
    writer.dispose()
    ensure_authority(places.authority_dir(os.environ), ("x.example",))
    (places.home(os.environ) / "providers.toml").write_text("# mine\n")
    backup.run(arguments(backup, str(tmp_path / "b.db"), "--with-ca"))
    return tmp_path / "b.db"


def test_all_of_it_comes_back_and_what_was_there_is_kept(made: Path, tmp_path: Path) -> None:
    before = load_authority(places.authority_dir(os.environ)).certificate
    ensure_authority(places.authority_dir(os.environ), ("y.example",), renew=True)
    (places.home(os.environ) / "providers.toml").write_text("# another\n")
    assert restore.run(arguments(restore, str(made))) == 0
    assert load_authority(places.authority_dir(os.environ)).certificate == before
    assert (places.home(os.environ) / "providers.toml").read_text() == "# mine\n"
    assert (places.authority_dir(os.environ) / "mitmproxy-ca.pem").stat().st_mode & 0o777 == 0o600
    kept = [path.name for folder in (tmp_path, places.home(os.environ)) for path in folder.glob("*.before-*")]
    assert len(kept) == 2


def test_a_dry_run_changes_nothing(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (tmp_path / "sessions.db").read_bytes()
    assert restore.run(arguments(restore, str(made), "--dry-run")) == 0
    assert (tmp_path / "sessions.db").read_bytes() == before and "Nothing has been changed" in capsys.readouterr().out


def test_a_file_in_it_that_we_did_not_put_there_is_left_alone(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "c.db"
    backups.make(tmp_path / "sessions.db", other, {"../../evil": b"x"})
    assert restore.run(arguments(restore, str(other))) == 0
    assert not list(tmp_path.parent.rglob("evil"))


def test_postgresql_has_tools_of_its_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KIMI_DATABASE_URL", "postgresql+psycopg://me:secret@localhost/kimi")
    assert restore.run(arguments(restore, "x.dump")) == 0
    printed = capsys.readouterr().out
    assert "pg_restore" in printed and "secret" not in printed
