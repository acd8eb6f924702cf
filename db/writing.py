"""How each kind of record is written. A new kind is one line in WRITERS.

A writer gets all records of its kind in the batch, in the order in which they were submitted, and the id of the proxy.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from addons.domain.completion import Completion
from addons.domain.decisions import Decision, Original
from addons.domain.events import Event
from addons.domain.sessions import SessionState
from db.records import completions, decisions, events, originals, states

WRITERS: Mapping[type, Callable[[Connection, Sequence[Any], str], None]] = {
    SessionState: states.write,  # first: the rows of completions refer to sessions
    Completion: completions.write,
    Event: events.write,
    Original: originals.write,  # before the decisions: a digest never points at an original that is not there
    Decision: decisions.write,
}


def write(tx: Connection, records: Sequence[object], proxy_id: str) -> None:
    """All records, in this transaction.

    :raises TypeError: for a record of a kind that nobody writes.
    """
    by_kind: dict[type, list[object]] = {kind: [] for kind in WRITERS}
    for record in records:
        if type(record) not in by_kind:
            raise TypeError(f"{type(record).__name__} is not a kind of record; see WRITERS in db/writing.py")
        by_kind[type(record)].append(record)
    for kind, found in by_kind.items():
        if found:
            WRITERS[kind](tx, found, proxy_id)
