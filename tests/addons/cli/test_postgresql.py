"""What to type, without the password."""

from pathlib import Path

from addons.cli import postgresql

URL = "postgresql+psycopg://me:secret@db.example:5433/kimi?sslmode=require"


def test_the_lines_are_libpqs_own_and_hold_no_password() -> None:
    dump, restore = postgresql.dump(URL, None), postgresql.restore(URL, Path("my dump"))
    shown = "postgresql://me@db.example:5433/kimi?sslmode=require"
    assert dump == f"pg_dump --format=custom --file=kimi-proxy.dump '{shown}'"
    assert restore.startswith("pg_restore --clean") and restore.endswith(f"--dbname='{shown}' 'my dump'")
