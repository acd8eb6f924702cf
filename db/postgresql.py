"""PostgreSQL, where several proxies share a store: how they connect, and what its errors say.

Nothing here imports the driver before a connection is made: it is an optional package.
"""

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import URL

INSTALL = ".venv/bin/pip install 'psycopg[binary]>=3.2'"
CONNECT_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "kimi-proxy",
}
"""Of libpq, in s and the last in ms: a server that has vanished is noticed, so that the writer's thread may try again.

What the URL says is taken instead.
"""
LOCK_MS = 5_000
"""How long a statement waits for another proxy's transaction before it is tried again."""
IDLE_MS = 15_000
"""A proxy that stops in the middle of a transaction (a laptop that is shut) holds the others up for no longer."""
SECRETS = ("password", "sslpassword", "passfile")
"""Parts of a URL's query that libpq takes, too."""

ADVICE = {
    "password authentication failed": "Check the user and the password in KIMI_DATABASE_URL or in ~/.pgpass",
    "no password supplied": "Put the password into KIMI_DATABASE_URL or into ~/.pgpass",
    "no pg_hba.conf entry": "The server's pg_hba.conf lets nobody in from here in this way",
    r'database "[^"]*" does not exist': "Make it with createdb (docs/teams.md)",
    "permission denied": "Make the role the database's owner (docs/teams.md)",
    "Connection refused": "See whether the server runs, and check host and port",
    "timeout expired": "See whether the server runs, and check host and port",
    "resolve host": "Check the name of the host",
    "translate host name": "Check the name of the host",
}
"""What to do, by a pattern of what the server or libpq says; in another language than English there is none."""


def connect_options(url: URL) -> dict[str, object]:
    return {name: value for name, value in CONNECT_OPTIONS.items() if name not in url.query}


def for_writing(connection: Any) -> None:
    _numbers(connection)
    connection.execute(f"SET lock_timeout = {LOCK_MS}")
    connection.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}")
    connection.commit()


def read_only(connection: Any) -> None:
    _numbers(connection)
    connection.execute("SET default_transaction_read_only = on")
    connection.commit()


def without_secrets(url: URL) -> URL:
    """For messages; what stands before the host is hidden where it is rendered."""
    return url.difference_update_query(SECRETS)


def in_words(text: str) -> str:
    """What the driver says, on one line, and what to do about it."""
    line = re.sub(r" Is the server running [^?]*\?", "", " ".join(text.split()))  # libpq's advice: ours is shorter
    advice = next((advice for sign, advice in ADVICE.items() if re.search(sign, line)), "")
    return f"{line.rstrip('.')}. {advice}".strip().rstrip(".")


def _numbers(connection: Any) -> None:
    """Sums and means of whole numbers come as `Decimal` otherwise, which neither JSON nor pandas takes for a number."""
    connection.adapters.register_loader("numeric", _number_loader())


@lru_cache(maxsize=1)
def _number_loader() -> type[Any]:
    from psycopg.adapt import Loader  # noqa: PLC0415 - see above

    class Number(Loader):
        def load(self, data: Any) -> float:
            text = bytes(data)
            return float(text) if b"." in text or text in (b"NaN", b"Infinity", b"-Infinity") else int(text)

    return Number
