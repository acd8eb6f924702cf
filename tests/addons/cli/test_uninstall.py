"""What goes, what stays, and what is left to the person."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from addons.cli import uninstall
from addons.domain import places
from addons.domain.errors import UserError
from addons.services.authority import ensure_authority
from db import engine, schema


def arguments(*words: str) -> Namespace:
    parser = ArgumentParser()
    uninstall.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A set-up with everything, and a file of the person's own in the middle of it."""
    writer = engine.writer(places.database_url(os.environ))
    schema.upgrade(writer)
    writer.dispose()
    (tmp_path / "sessions.db.legacy-2026-11-01").touch()
    home = places.home(os.environ)
    ensure_authority(home / "ca", ("x.example",))
    for name in ("log", "backups"):
        (home / name).mkdir()
        (home / name / "x").touch()
    (home / "providers.toml").touch()
    (home / "letter.txt").touch()
    return home


def test_the_records_stay_unless_they_are_named(home: Path, tmp_path: Path) -> None:
    assert uninstall.run(arguments("--yes")) == 0
    assert {path.name for path in home.iterdir()} == {"backups", "providers.toml", "letter.txt"}
    assert (tmp_path / "sessions.db").exists()
    assert uninstall.run(arguments("--yes", "--data")) == 0
    assert {path.name for path in home.iterdir()} == {"letter.txt"}
    assert not list(tmp_path.glob("sessions.db*"))


def test_nobody_who_could_agree_is_no_agreement(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(os.devnull) as nobody, pytest.raises(UserError, match="--yes"):
        monkeypatch.setattr("sys.stdin", nobody)
        uninstall.run(arguments())
    assert (home / "ca").exists()


def test_a_no_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(uninstall, "agreed", lambda: False)
    assert uninstall.run(arguments()) == 1
    assert (home / "ca").exists() and "Nothing has been removed." in capsys.readouterr().out


def test_what_stands_in_other_files_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = Path(os.environ["HOME"]) / ".profile"
    profile.parent.mkdir()
    profile.write_text(f'a\nexport NODE_EXTRA_CA_CERTS="{home}/ca/mitmproxy-ca-cert.pem"\n')
    uninstall.run(arguments("--yes"))
    assert f"{profile}, line 2: the certificate" in capsys.readouterr().out


def test_of_a_link_only_the_link_goes(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (home / "log").rename(elsewhere)
    (home / "log").symlink_to(elsewhere)
    uninstall.run(arguments("--yes"))
    assert (elsewhere / "x").exists() and not (home / "log").exists()
