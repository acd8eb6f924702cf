"""What to type where the store is in PostgreSQL, which has tools of its own; the password stays out of it."""

import shlex
from pathlib import Path
from urllib.parse import quote, urlencode

from db import place


def dump(url: str, file: Path | None) -> str:
    return f"pg_dump --format=custom --file={shlex.quote(str(file or 'kimi-proxy.dump'))} {shlex.quote(_shown(url))}"


def restore(url: str, file: Path) -> str:
    command = "pg_restore --clean --if-exists --no-owner --exit-on-error --single-transaction"
    return f"{command} --dbname={shlex.quote(_shown(url))} {shlex.quote(str(file))}"


def _shown(url: str) -> str:
    """As libpq reads it: without SQLAlchemy's driver, and without the password (PGPASSWORD or ~/.pgpass has it)."""
    parsed = place.parse(url)
    query = f"?{urlencode(dict(parsed.query), doseq=True)}" if parsed.query else ""
    user = f"{quote(parsed.username, safe='')}@" if parsed.username else ""
    port = f":{parsed.port}" if parsed.port else ""
    return f"postgresql://{user}{parsed.host or ''}{port}/{parsed.database or ''}{query}"
