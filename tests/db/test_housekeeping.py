"""What is done now and then."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from addons.domain.settings.retention import Retention
from db.hiding import UNDO_MS, delete_session
from db.housekeeping import EVERY_MS, EXPIRE_MS, Housekeeping
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeState


def test_deleted_sessions_are_removed_once_a_minute(engine: Engine, make_state: MakeState, ask: Ask) -> None:
    with engine.begin() as tx:
        write(tx, [make_state()], "p-1")
    delete_session(engine, "s-1", NOW_MS)
    housekeeping = Housekeeping(engine.begin)
    left = []
    for later_ms in (UNDO_MS - 1, UNDO_MS, UNDO_MS - 1 + EVERY_MS):
        housekeeping.keep(NOW_MS + later_ms)
        left.append(len(ask("SELECT 1 FROM sessions")))
    assert left == [1, 1, 0]


def test_where_nothing_is_due_nothing_is_written(engine: Engine, ask: Ask) -> None:
    Housekeeping(engine.begin).keep(NOW_MS)
    assert ask("SELECT * FROM counters") == []


def test_a_store_in_trouble_is_tried_again_a_minute_later(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    @contextmanager
    def begin() -> Iterator[Connection]:
        tries.append(1)
        raise OperationalError("", {}, Exception("database is locked"))
        yield

    tries: list[int] = []
    housekeeping = Housekeeping(begin)
    with caplog.at_level(logging.WARNING):
        for later_ms in (0, EVERY_MS - 1, EVERY_MS):
            housekeeping.keep(NOW_MS + later_ms)
    assert len(tries) == 2
    assert "database is locked" in caplog.text


def test_a_clock_that_jumps_ahead_removes_nothing_for_an_hour(engine: Engine) -> None:
    steady, asked = [0], []

    def kept() -> Retention:
        asked.append(1)
        return Retention()

    housekeeping = Housekeeping(engine.begin, retention=kept, steady_ms=lambda: steady[0])
    counts, ahead_ms = [], 0
    for jump_ms, passed_ms in ((0, 0), (40 * 24 * EXPIRE_MS, EVERY_MS), (0, EXPIRE_MS - EVERY_MS), (0, EVERY_MS)):
        steady[0] += passed_ms
        ahead_ms += jump_ms
        housekeeping.keep(NOW_MS + ahead_ms + steady[0])
        counts.append(len(asked))
    assert counts == [1, 1, 1, 2]
