"""Proxies that ended without a word: killed, or gone down with their machine.

A proxy says in its sign of life that it has stopped. One that does not say so is told of by whichever proxy of the same
host looks first, itself after its next start or another beside it; nobody can look into another host's processes.
"""

import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from db.prepared import Prepared
from db.tables import heartbeat, proxy_processes
from db.text import storable

SILENT_MS = 5_000
"""A sign of life comes every second. One that is younger may still be followed by another: a process that cannot be
seen from here, in a container that has the same host name, is not taken for gone at once."""
LONG_SILENT_MS = 60_000
"""After this, a process of that number is another one, which got the number since."""

_ROW = Prepared(proxy_processes, lambda insert: insert.on_conflict_do_nothing())
_SILENT = (
    select(heartbeat.c.proxy_id, heartbeat.c.seen_at_ms, proxy_processes.c.pid)
    .join(proxy_processes, proxy_processes.c.proxy_id == heartbeat.c.proxy_id)
    .where(
        proxy_processes.c.told_at_ms.is_(None),
        proxy_processes.c.host == bindparam("host"),
        heartbeat.c.stopped_at_ms.is_(None),
        heartbeat.c.proxy_id != bindparam("own"),
        heartbeat.c.seen_at_ms < bindparam("before"),
    )
)


@dataclass(frozen=True, slots=True)
class Gone:
    proxy_id: str
    seen_at_ms: int
    """Its last sign of life."""

    @property
    def message(self) -> str:
        """For people; in the proxy's time zone."""
        at = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.seen_at_ms / 1000))
        return (
            f"The proxy {self.proxy_id} ended without a word at {at}; at most the last quarter second of its records "
            "is missing, or some more where the machine lost its power"
        )


class Watch:
    """One proxy's look at the others of its host."""

    def __init__(self, proxy_id: str, host: str | None = None, pid: int | None = None) -> None:
        self._proxy_id = proxy_id
        self._host = storable(socket.gethostname() if host is None else host, 200)
        self._pid = os.getpid() if pid is None else pid

    def sign(self, tx: Connection) -> None:
        """Says where this proxy runs; again: does nothing."""
        _ROW.run(tx, [{"proxy_id": self._proxy_id, "host": self._host, "pid": self._pid}])

    def find(self, tx: Connection, now_ms: int) -> Sequence[Gone]:
        """Those that nobody has told of yet; from now on they are told."""
        silent = [
            row
            for row in tx.execute(_SILENT, {"host": self._host, "own": self._proxy_id, "before": now_ms - SILENT_MS})
            if row.pid == self._pid or now_ms - row.seen_at_ms > LONG_SILENT_MS or not is_running(row.pid)
        ]
        found: list[Gone] = []
        for row in silent:
            untold = proxy_processes.c.proxy_id == row.proxy_id, proxy_processes.c.told_at_ms.is_(None)
            mine = update(proxy_processes).where(*untold).values(told_at_ms=now_ms)
            if tx.execute(mine).rowcount == 1:  # of several that look at once, one tells it
                found.append(Gone(row.proxy_id, row.seen_at_ms))
        return found


def is_running(pid: int) -> bool:
    """Whether there is a process of that number, whosever it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
