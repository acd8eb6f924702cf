"""The addons with their threads, over a store of their own."""

import asyncio
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from addons.hooks.alerting import Alerting
from addons.hooks.control import Control
from addons.hooks.eventloop import EventLoop
from addons.hooks.reloading import Reloading
from addons.hooks.store import Store
from db.engine import control, opened
from db.outbox import command_result, put_command, put_setting
from tests.addons.hooks.own import Own

SOON_S = 60.0
"""For a busy machine: what is waited for takes a fraction of a second."""
STARTED = (EventLoop, Reloading, Store, Control)


def start(own: Own) -> None:
    """As mitmproxy does once it listens."""

    async def run() -> None:
        own.addon(Store).recorder = None
        for kind in STARTED:
            own.addon(kind).running()  # type: ignore[attr-defined]

    own.run(run())


def stop(own: Own) -> None:
    async def run() -> None:
        for kind in (Alerting, *STARTED[1:]):
            own.addon(kind).done()  # type: ignore[attr-defined]

    own.run(run())
    own.loop.remove_signal_handler(signal.SIGHUP)


def until(own: Own, found: Callable[[], object], what: str = "it") -> None:
    """Lets the event loop and the threads work until then; fails if that takes long."""

    async def wait() -> None:
        deadline = time.monotonic() + SOON_S
        while not found():
            if time.monotonic() > deadline:
                pytest.fail(f"{what} did not happen within {SOON_S:g} s")
            await asyncio.sleep(0.01)

    own.run(wait())


def ask(own: Own, kind: str, **payload: object) -> dict[str, Any]:
    """The answer to a command, as the dashboard gets it."""
    with opened(control, own.configuration.database_url) as engine:
        command = put_command(engine, kind, payload)
        until(own, lambda: command_result(engine, command), kind)
        return command_result(engine, command) or {}


def change(own: Own, key: str, value: object) -> None:
    """A setting made in the dashboard."""
    with opened(control, own.configuration.database_url) as engine:
        put_setting(engine, key, value)


def rows(own: Own, sql: str) -> list[dict[str, Any]]:
    """Of the store, as another program sees it."""
    path = own.configuration.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=SOON_S)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]
