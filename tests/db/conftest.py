"""A store of one's own, and a look at what is really in it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from addons.domain.sessions import SessionState
from db.engine import writer
from db.recorder import Recorder
from db.schema import upgrade
from tests.db.stores import NOW_MS, Ask, MakeRecorder, MakeState


@pytest.fixture
def path(own_places: Path) -> Path:
    """Where the store is, or will be."""
    return own_places / "sessions.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A writer of a store whose tables are there."""
    made = writer(url)
    upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def ask(path: Path) -> Ask:
    """Rows as another program sees them: the committed ones."""

    def rows(sql: str, *parameters: object) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, parameters)]

    return rows


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
            "keys": (b"k" * 16,),
        }
        return SessionState(**(usual | fields))

    return build


@pytest.fixture
def make_recorder(url: str) -> Iterator[MakeRecorder]:
    """Recorders that stand still at NOW_MS; closed at the end."""
    made: list[Recorder] = []

    def build(**options: Any) -> Recorder:
        recorder = Recorder(url, **({"proxy_id": "p-1", "clock_ms": lambda: NOW_MS} | options))
        made.append(recorder)
        return recorder

    yield build
    for recorder in made:
        recorder.close(5)
