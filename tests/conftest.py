"""What every test gets: its own home, database and Continue folder, and builders for the values it needs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from db import schema
from db.engine import opened, writer
from tests.migrated import Migrated
from tests.postgres_server import SHARED, PostgresServer

UNTIMED = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
"""How long an example takes, or to think of one, says something about the machine alone."""
hypothesis.settings.register_profile("same", UNTIMED, derandomize=True)  # what passed once passes on every machine
hypothesis.settings.register_profile("searching", UNTIMED, max_examples=2_000)
hypothesis.settings.load_profile("same")  # `--hypothesis-profile=searching` looks for what it has not met

MakeCompletion = Callable[..., Completion]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with a browser last: from the first of them on, Playwright's event loop runs in the main thread."""
    items.sort(key=lambda item: item.nodeid.startswith("tests/browser/"))


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the person's real files."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KIMI_HOME", str(tmp_path / "kimi"))
    monkeypatch.setenv("KIMI_DATABASE_URL", f"sqlite:///{tmp_path / 'sessions.db'}")
    monkeypatch.setenv("CONTINUE_GLOBAL_DIR", str(tmp_path / "continue"))
    monkeypatch.delenv("KIMI_PROVIDERS", raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    return Migrated(schema._migrate, tmp_path_factory.mktemp("migrated"))


@pytest.fixture(autouse=True)
def quick_migrations(migrated: Migrated, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Everywhere but where the migrations themselves are tested."""
    if request.path.name != "test_schema.py":
        monkeypatch.setattr(schema, "_migrate", migrated)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests, started when the first of them asks for it."""
    server = PostgresServer()
    try:
        server.create()
        server.start()
        server.sql(f"CREATE DATABASE {SHARED}")
        with opened(writer, server.url(SHARED)) as engine:
            schema.upgrade(engine)
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A PostgreSQL store with its tables, and nothing in them."""
    yield postgres.url(SHARED)
    postgres.clear()


@pytest.fixture
def make_completion() -> MakeCompletion:
    """A chat completion of Kimi Code that went well; any field can be given."""

    def build(**fields: Any) -> Completion:
        usual: dict[str, Any] = {
            "session_id": "s-1",
            "started_at_ms": 1_790_000_000_000,
            "provider": "kimi-code",
            "model": "kimi-for-coding",
            "kind": Kind.CHAT,
            "stream": True,
            "status": 200,
            "outcome": Outcome.OK,
        }
        return Completion(**(usual | fields))

    return build
