"""What the dashboard asks for."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, update

from db.engine import control
from db.outbox import command_result, put_command, put_setting
from db.tables import commands
from tests.db.stores import Ask


@pytest.fixture
def controlling(engine: Engine, url: str) -> Iterator[Engine]:
    made = control(url)
    yield made
    made.dispose()


def test_each_setting_gets_a_version_above_all_others(controlling: Engine, ask: Ask) -> None:
    versions = [put_setting(controlling, key, value) for key, value in (("a", 1), ("b", {"x": [1]}), ("a", None))]
    assert versions == [1, 2, 3]
    assert ask("SELECT key, value, version FROM settings ORDER BY key") == [
        {"key": "a", "value": "null", "version": 3},
        {"key": "b", "value": '{"x": [1]}', "version": 2},
    ]


def test_a_changed_setting_is_not_applied_yet(controlling: Engine, engine: Engine, ask: Ask) -> None:
    put_setting(controlling, "a", 1)
    with engine.begin() as tx:
        tx.exec_driver_sql("UPDATE settings SET applied_at_ms = 5, error = 'too small'")
    put_setting(controlling, "a", 2)
    assert ask("SELECT applied_at_ms, error FROM settings") == [{"applied_at_ms": None, "error": ""}]


def test_a_command_has_no_result_until_it_is_done(controlling: Engine, engine: Engine) -> None:
    first, second = (put_command(controlling, "pin", {"session_id": "s-1"}) for _ in range(2))
    before = command_result(controlling, second)
    with engine.begin() as tx:
        done = update(commands).where(commands.c.id == second)
        tx.execute(done.values(done_at_ms=5, result='{"ok": {}}'))
    assert (first, second) == (1, 2)
    assert (before, command_result(controlling, second), command_result(controlling, first)) == (None, {"ok": {}}, None)


def test_a_command_that_does_not_exist_has_no_result(controlling: Engine) -> None:
    assert command_result(controlling, 99) is None
