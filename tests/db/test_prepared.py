"""INSERTs compiled once."""

from typing import Any

import pytest
from sqlalchemy import Engine, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from db.prepared import Prepared
from db.tables import completions, heartbeat, settings
from db.upsert import Insert, replacing
from tests.db.stores import Ask

ROW = {"key": "masking.policy", "value": '"off"', "version": 1, "updated_at_ms": 5}


class Recording:
    """Stands for a connection of a database that is not here."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.executed: list[tuple[str, Any]] = []

    def exec_driver_sql(self, sql: str, parameters: Any) -> None:
        self.executed.append((sql, parameters))


def test_rows_are_written_with_defaults_for_what_they_do_not_name(engine: Engine, ask: Ask) -> None:
    with engine.begin() as tx:
        Prepared(settings).run(tx, [ROW, ROW | {"key": "other", "error": "wrong"}])
    assert ask("SELECT key, version, applied_at_ms, error FROM settings ORDER BY key") == [
        {"key": "masking.policy", "version": 1, "applied_at_ms": None, "error": ""},
        {"key": "other", "version": 1, "applied_at_ms": None, "error": "wrong"},
    ]


def test_no_rows_are_no_statement() -> None:
    connection: Any = Recording(sqlite.dialect())
    Prepared(settings).run(connection, [])
    assert connection.executed == []


def test_a_statement_may_return_something(engine: Engine) -> None:
    def complete(insert: Insert) -> Insert:
        return replacing(insert, settings).returning(settings.c.version)

    statement = Prepared(settings, complete)
    with engine.begin() as tx:
        assert [statement.one(tx, ROW | {"version": at}).scalar_one() for at in (1, 2)] == [1, 2]


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [(sqlite.dialect(paramstyle="qmark"), tuple), (postgresql.dialect(paramstyle="pyformat"), dict)],
    ids=["in order", "by name"],
)
def test_values_go_to_the_driver_as_it_takes_them(dialect: Dialect, expected: type) -> None:
    connection: Any = Recording(dialect)
    Prepared(heartbeat).run(connection, [{"proxy_id": "p-1", "queued": 3}])
    ((sql, (values,)),) = connection.executed
    assert type(values) is expected
    assert len(values) == len(heartbeat.columns)
    assert sql.startswith("INSERT INTO heartbeat (proxy_id")


def test_a_key_that_the_database_counts_up_is_left_to_it() -> None:
    connection: Any = Recording(postgresql.dialect(paramstyle="pyformat"))
    Prepared(completions).run(connection, [{"session_id": "s-1"}])
    ((_, (values,)),) = connection.executed
    assert set(values) == {column.name for column in completions.columns} - {"id"}


def test_constants_of_the_statement_are_given_to_the_driver_too(engine: Engine, ask: Ask) -> None:
    def complete(insert: Insert) -> Insert:
        return insert.on_conflict_do_update(
            index_elements=[settings.c.key],
            set_={"error": bindparam("why", "newer"), "version": settings.c.version + 5},
        )

    statement = Prepared(settings, complete)
    with engine.begin() as tx:
        statement.run(tx, [ROW, ROW])
    assert ask("SELECT error, version FROM settings") == [{"error": "newer", "version": 6}]
