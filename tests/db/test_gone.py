"""Proxies that ended without saying so."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from db import gone, heartbeats
from db.gone import Watch
from tests.db.stores import NOW_MS, Ask, MakeRecorder
from tests.db.test_heartbeats import BEAT

LATER_MS = NOW_MS + gone.SILENT_MS + 1
MUCH_LATER_MS = NOW_MS + gone.LONG_SILENT_MS + 1


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def lived(engine: Engine, pid: int, host: str = "here", stopped_at_ms: int | None = None) -> None:
    """A proxy whose last sign of life was at NOW_MS."""
    with engine.begin() as tx:
        heartbeats.write(tx, replace(BEAT, stopped_at_ms=stopped_at_ms))
        Watch(BEAT.proxy_id, host, pid).sign(tx)


def found(engine: Engine, now_ms: int) -> list[str]:
    with engine.begin() as tx:
        return [each.proxy_id for each in Watch("p-next", "here").find(tx, now_ms)]


def test_one_that_was_killed_is_found_once(engine: Engine, dead: int) -> None:
    lived(engine, dead)
    assert found(engine, LATER_MS) == [BEAT.proxy_id]
    assert found(engine, LATER_MS) == []


def test_one_that_may_yet_give_a_sign_of_life_is_waited_for(engine: Engine, dead: int) -> None:
    lived(engine, dead)
    assert found(engine, NOW_MS + gone.SILENT_MS) == []


def test_one_whose_process_is_there_is_not_gone_until_it_is_silent_for_long(engine: Engine) -> None:
    lived(engine, os.getppid())
    assert found(engine, LATER_MS) == []
    assert found(engine, MUCH_LATER_MS) == [BEAT.proxy_id]


def test_one_with_the_number_of_this_process_is_gone(engine: Engine) -> None:
    """In a container each start has the same number."""
    lived(engine, os.getpid())
    assert found(engine, LATER_MS) == [BEAT.proxy_id]


@pytest.mark.parametrize(
    "differs", [{"host": "elsewhere"}, {"stopped_at_ms": NOW_MS}], ids=["of another host", "stopped"]
)
def test_others_are_left_alone(engine: Engine, dead: int, differs: dict[str, object]) -> None:
    lived(engine, dead, **differs)  # type: ignore[arg-type]
    assert found(engine, MUCH_LATER_MS) == []


def test_one_is_not_gone_for_itself(engine: Engine, dead: int) -> None:
    lived(engine, dead)
    with engine.begin() as tx:
        assert Watch(BEAT.proxy_id, "here", dead).find(tx, MUCH_LATER_MS) == []


def test_a_process_of_anybodys_is_seen(dead: int) -> None:
    assert gone.is_running(1)
    assert not gone.is_running(dead)


def test_the_next_recorder_tells_it(engine: Engine, make_recorder: MakeRecorder, ask: Ask, dead: int) -> None:
    with engine.begin() as tx:
        heartbeats.write(tx, replace(BEAT, seen_at_ms=NOW_MS - 60_000))
        Watch(BEAT.proxy_id, pid=dead).sign(tx)
    recorder = make_recorder(proxy_id="p-next")
    told: list[str] = []
    recorder.told = lambda event: told.append(event.message)
    recorder.start()
    recorder.flush(60)
    recorder.close(60)
    assert ["ended without a word at" in message for message in told] == [True]
    assert ask("SELECT kind, level FROM events") == [{"kind": "store", "level": "warning"}]
