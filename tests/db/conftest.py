"""A store of one's own, and a look at what is really in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from addons.domain.sessions import SessionState
from db.engine import writer
from db.recorder import Recorder
from db.schema import upgrade
from tests.db.stores import NOW_MS, Ask, MakeRecorder, MakeState
from tests.postgres_server import PostgresServer

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of the store runs on both databases; on SQLite alone if it is marked so, or looks at the file itself."""
    if "backend" in metafunc.fixturenames:
        only_sqlite = "path" in metafunc.fixturenames or metafunc.definition.get_closest_marker("sqlite")
        metafunc.parametrize("backend", ["sqlite"] if only_sqlite else ["sqlite", POSTGRESQL], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def path(own_places: Path) -> Path:
    """Where the SQLite store is, or will be."""
    return own_places / "sessions.db"


@pytest.fixture
def url(
    backend: str, own_places: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A store that is not there yet. On PostgreSQL a database, with its tables unless the test is marked `bare`."""
    if backend == "sqlite":
        yield f"sqlite:///{own_places / 'sessions.db'}"
        return
    if request.node.get_closest_marker("bare"):
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.database() as empty:
            yield empty
        return
    url: str = request.getfixturevalue("postgres_url")
    monkeypatch.setenv("KIMI_DATABASE_URL", url)
    yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A writer of a store whose tables are there."""
    made = writer(url)
    upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def ask(url: str) -> Ask:
    """Rows as another program sees them: the committed ones."""

    def rows(sql: str, *parameters: object) -> list[dict[str, Any]]:
        engine = create_engine(url)
        with engine.connect() as connection:
            found = connection.exec_driver_sql(_own_marks(sql, engine), parameters)
            rows = [dict(row) for row in found.mappings()]
        engine.dispose()
        return rows

    return rows


def _own_marks(sql: str, engine: Engine) -> str:
    """The driver's own mark in the place of each `?`."""
    return sql if engine.dialect.paramstyle == "qmark" else sql.replace("?", "%s")


@pytest.fixture
def stored_bytes(path: Path) -> Callable[[], bytes]:
    """Everything on disk, the write-ahead log included: what a search for secrets has to look through."""
    return lambda: b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


@pytest.fixture
def make_state() -> MakeState:
    def build(**fields: Any) -> SessionState:
        usual: dict[str, Any] = {
            "id": "s-1",
            "name": "Fix the parser",
            "created_at_ms": NOW_MS,
            "last_seen_ms": NOW_MS,
            "keys": b"k" * 16,
        }
        return SessionState(**(usual | fields))

    return build


@pytest.fixture
def make_recorder(url: str) -> Iterator[MakeRecorder]:
    """Recorders that stand still at NOW_MS; closed at the end."""
    made: list[Recorder] = []

    def build(**options: Any) -> Recorder:
        usual = {"url": url, "proxy_id": "p-1", "clock_ms": lambda: NOW_MS}
        recorder = Recorder(**(usual | options))
        made.append(recorder)
        return recorder

    yield build
    for recorder in made:
        recorder.close(60)
