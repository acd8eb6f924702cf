"""Where the store is."""

from pathlib import Path

import pytest

from addons.domain.errors import UserError
from db import place


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///sessions.db", "sqlite"),
        ("postgresql://team@db.example/kimi", "postgresql+psycopg"),
        ("postgresql+psycopg://team@db.example/kimi", "postgresql+psycopg"),
        ("postgres://team@db.example/kimi", "postgresql+psycopg"),
    ],
)
def test_a_usable_url_is_taken(url: str, driver: str) -> None:
    assert place.parse(url).drivername == driver


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sessions.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x.db?uri=true",
        "mysql://u:hush@h/db",
        "mysql://h/db?password=hush",
        "postgresql+asyncpg://u:hush@h/db",
        "postgresql://u:hush@h:port/db",
        "sqlite:/hush",
    ],
)
def test_any_other_url_is_refused_with_what_is_expected(url: str) -> None:
    with pytest.raises(UserError, match="expected sqlite:///PATH or postgresql") as caught:
        place.parse(url)
    assert "hush" not in str(caught.value)


def test_messages_show_a_path_or_a_url_without_password() -> None:
    assert place.shown(place.sqlite_url(place.parse("sqlite:////a/b c.db"), "ro")) == "/a/b c.db"
    assert place.shown(place.parse("postgresql://team:hush@h/kimi")) == "postgresql+psycopg://team:***@h/kimi"
    in_query = place.parse("postgresql://h/kimi?user=team&password=hush&sslmode=require")
    assert place.shown(in_query) == "postgresql+psycopg://h/kimi?sslmode=require&user=team"


def test_a_relative_path_is_made_absolute() -> None:
    assert place.sqlite_path(place.parse("sqlite:///sessions.db")) == Path("sessions.db").absolute()


def test_an_existing_file_keeps_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"kept")
    place.make_file(tmp_path / "x.db")
    assert (tmp_path / "x.db").read_bytes() == b"kept"


def test_identity_tells_a_file_from_its_successor(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "x.db"
    before = place.identity(url)
    file.touch()
    first = place.identity(url)
    file.rename(tmp_path / "old.db")
    file.touch()
    assert before is None
    assert len({first, place.identity(url), None}) == 3
