"""How each kind of record is written. A new kind is one line in WRITERS.

A writer gets all records of its kinds in the batch, in the order in which they were submitted, and the id of the proxy.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from addons.domain.alerts.alert import Alert, AlertSent
from addons.domain.calibration import Calibration
from addons.domain.completion import Completion
from addons.domain.compression.summary import Summary
from addons.domain.decisions import Decision, Original
from addons.domain.events import Event
from addons.domain.logged_usage import LoggedUsage
from addons.domain.memory import MemorySeen
from addons.domain.pacing.limit import LimitSeen
from addons.domain.routes import SessionRoute
from addons.domain.sessions import SessionState
from addons.domain.true_windows import TrueWindow
from db.records import (
    alerts,
    calibrations,
    decisions,
    events,
    following,
    limits,
    logged_usage,
    memory,
    originals,
    routes,
    summaries,
    traffic,
)

Writer = Callable[[Connection, Sequence[Any], str], None]

WRITERS: Mapping[type, Writer] = {
    SessionState: traffic.write,
    Completion: traffic.write,
    LoggedUsage: logged_usage.write,  # after the completions: it looks for the one it belongs to
    Event: events.write,
    Original: originals.write,  # before the decisions: a digest never points at an original that is not there
    Decision: decisions.write,
    Summary: summaries.write,
    MemorySeen: memory.write,
    Calibration: calibrations.write,
    LimitSeen: limits.write,
    SessionRoute: routes.write,
    TrueWindow: routes.write_windows,
    Alert: alerts.write,
    AlertSent: alerts.write,  # with the alerts, after the one it belongs to
}
IN_TURN = tuple(dict.fromkeys(WRITERS.values()))


def write(tx: Connection, records: Sequence[object], proxy_id: str) -> None:
    """All records, in this transaction.

    :raises TypeError: for a record of a kind that nobody writes.
    """
    by_writer: dict[Writer, list[object]] = {}
    for record in following.followed(tx, records):
        writer = WRITERS.get(type(record))
        if writer is None:
            raise TypeError(f"{type(record).__name__} is not a kind of record; see WRITERS in db/writing.py")
        by_writer.setdefault(writer, []).append(record)
    for writer in IN_TURN:
        if found := by_writer.get(writer):
            writer(tx, found, proxy_id)
