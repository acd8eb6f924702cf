"""Debian's PostgreSQL in a throw-away folder, on a free port of the loopback: nothing of it outlives the test run.

Tests that need its tables have one database after the other to themselves, and leave it empty: making a database takes
thirty times as long. Where a test changes the tables, or is several at once, `database` makes one.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from addons.services.simulator.free_port import LISTEN, free_port
from db import version

ACCOUNT = "postgres"
"""The server refuses to run as root; this is the account that Debian's package makes."""
OWNER = "kimi"
"""The role of the tests, which needs no password; every other role does."""
SHARED = "shared"
"""The database that tests use in turn: all tables, nothing in them."""
CLEAR = """
SET session_replication_role = replica;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database();
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S';
END $$;
UPDATE alembic_version SET version_num = '{head}'
"""
"""Rows go, whatever refers to them; numbers begin at 1 again; a version that a test has changed is put right."""
READY_S = 120.0
TOLD = 2_000
"""Characters of the log in a failure."""
OPTIONS = (
    "fsync=off",  # the data need not survive the machine
    "synchronous_commit=off",
    "full_page_writes=off",
    "unix_socket_directories=",
    "max_connections=60",
)


class PostgresServer:
    """Skips the test where it is not installed, unless KIMI_REQUIRE_ALL=1 says that nothing may be skipped."""

    def __init__(self) -> None:
        found = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default="")
        if not found:
            _missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        if find_spec("psycopg") is None:
            _missing("psycopg is not installed (pip install -r requirements-dev.txt)")
        self.programs = Path(found).resolve().parent
        self.folder = Path(tempfile.mkdtemp(prefix="kimi-postgres-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._clearing: Any = None
        """A connection that stays: one that knows the tables empties them in a fifth of the time."""
        self._account = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}

    def create(self) -> None:
        """An empty cluster."""
        if self._account:
            shutil.chown(self.folder, ACCOUNT, ACCOUNT)
        options = ("--pgdata", "data", "--username", OWNER, "--auth", "trust", "--no-sync")
        self._run("initdb", *options, "--encoding", "UTF8", "--locale", "C.UTF-8")
        rules = f"host all {OWNER} {LISTEN}/32 trust\nhost all all {LISTEN}/32 scram-sha-256\n"
        (self.folder / "data" / "pg_hba.conf").write_text(rules, encoding="ascii")

    def start(self) -> None:
        settings = (f"listen_addresses={LISTEN}", f"port={self.port}", *OPTIONS)
        command = [self.programs / "postgres", "-D", "data", *(part for each in settings for part in ("-c", each))]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._account
            )
        deadline = time.monotonic() + READY_S
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < deadline, self._log.read_text()[-TOLD:]
            time.sleep(0.02)

    def stop(self, number: int = signal.SIGQUIT) -> None:
        """Whoever is connected loses the connection. SIGINT keeps all that was committed, SIGQUIT does not wait."""
        if self._clearing:
            self._clearing.close()
            self._clearing = None
        if self.process:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str, user: str = OWNER) -> str:
        return f"postgresql+psycopg://{user}@{LISTEN}:{self.port}/{database}"

    def clear(self) -> None:
        """Ends whoever is still connected to the shared database, and empties it."""
        if self._clearing is None:
            self._clearing = self._connect(SHARED)
        self._clearing.execute(CLEAR.format(head=version.HEAD).encode())

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new database without tables, gone afterwards with all connections to it."""
        name = f"t{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            if self.process:
                self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def sql(self, statement: str, database: str = "postgres") -> None:
        with self._connect(database) as connection:
            connection.execute(statement.encode())

    def _connect(self, database: str) -> Any:
        import psycopg  # noqa: PLC0415 - optional, and asked for in the constructor

        return psycopg.connect(host=LISTEN, port=self.port, user=OWNER, dbname=database, autocommit=True)

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _answers(self) -> bool:
        import psycopg  # noqa: PLC0415 - optional, and asked for in the constructor

        try:
            self.sql("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *options: str) -> None:
        command = [self.programs / program, *options]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **self._account)
        assert done.returncode == 0, done.stderr


def _missing(reason: str) -> None:
    if os.environ.get("KIMI_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
