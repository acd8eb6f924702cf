"""What the command line changes of sessions, with a proxy and without."""

import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import insert

from addons.cli import session_changes, sessions
from addons.domain.completion import Completion
from addons.domain.errors import UserError
from db import managing
from db.engine import opened, reader, writer
from db.inbox import Inbox
from db.queries.sessions import SessionFilter, SessionRow, latest
from db.schema import upgrade
from db.tables import heartbeat
from db.writing import write

MakeCompletion = Callable[..., Completion]


@pytest.fixture(autouse=True)
def stored(make_completion: MakeCompletion) -> None:
    """s-1 with two requests, s-2 with one."""
    with opened(writer, os.environ["KIMI_DATABASE_URL"]) as engine:
        upgrade(engine)
        with engine.begin() as tx:
            calls = [make_completion(session_id=id_, session_name=id_) for id_ in ("s-1", "s-1", "s-2")]
            write(tx, calls, "p-1")


@pytest.fixture
def proxy() -> Iterator[list[str]]:
    """The inbox of a proxy that is alive; the kinds of what it was asked for."""
    url, asked = os.environ["KIMI_DATABASE_URL"], list[str]()
    with opened(writer, url) as engine:
        with engine.begin() as tx:
            now_ms = time.time_ns() // 1_000_000
            tx.execute(insert(heartbeat).values(proxy_id="p-1", started_at_ms=now_ms, seen_at_ms=now_ms + 60_000))

        def carry_out(kind: str, payload: managing.Payload) -> managing.Payload:
            asked.append(kind)
            return managing.HANDLERS[kind](engine, payload)

        inbox = Inbox(url, on_settings=lambda values: {}, on_command=carry_out, proxy_id="p-1")
        inbox.start()
        yield asked
        inbox.close()


def parsed(*options: str) -> Namespace:
    parser = ArgumentParser()
    sessions.add_arguments(parser)
    return parser.parse_args(options)


def found(deleted: bool = False) -> dict[str, SessionRow]:
    with opened(reader, os.environ["KIMI_DATABASE_URL"]) as engine, engine.connect() as tx:
        return {row.id: row for row in latest(tx, SessionFilter(deleted=deleted), 9)}


def test_without_a_proxy_it_is_done_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert sessions.run(parsed("--rename", "s-1", "Mine")) == 0
    assert capsys.readouterr().out == "Done.\n"
    assert found()["s-1"].name == "Mine"


def test_a_running_proxy_does_it(proxy: list[str]) -> None:
    session_changes.change(parsed("--merge", "s-1", "s-2"))
    assert (proxy, found()["s-1"].completions) == (["merge_sessions"], 3)


def test_every_change_is_a_command_that_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert {change.kind for change in session_changes.CHANGES.values()} < managing.HANDLERS.keys()
    for options in (("--pin", "s-1"), ("--project", "s-1", "shop"), ("--split", "s-1", "2"), ("--delete", "s-2")):
        assert session_changes.change(parsed(*options)).startswith("Done.")
    assert (found()["s-1"].pinned, found()["s-1"].project, len(found())) == (True, "shop", 2)
    assert list(found(deleted=True)) == ["s-2"]
    sessions.run(parsed("--deleted", "--json"))
    assert '"id": "s-2"' in capsys.readouterr().out
    session_changes.change(parsed("--unpin", "s-1"))
    session_changes.change(parsed("--restore", "s-2"))
    assert len(found()) == 3
    session_changes.change(parsed("--delete", "s-2"))
    session_changes.change(parsed("--erase", "s-2"))
    assert found(deleted=True) == {}


def test_what_cannot_be_done_says_why() -> None:
    with pytest.raises(UserError, match="'x' is not the number of a request"):
        session_changes.change(parsed("--split", "s-1", "x"))
    with pytest.raises(UserError, match="no session 's-9'"):
        session_changes.change(parsed("--pin", "s-9"))
