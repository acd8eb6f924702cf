"""The numbers by which readers notice what is new or corrected (see `models`)."""

from sqlalchemy import Connection, UpdateBase

from db.prepared import Prepared
from db.tables import counters
from db.upsert import Insert, added


def _adding(insert: Insert) -> UpdateBase:
    raised = insert.on_conflict_do_update(
        index_elements=[counters.c.name], set_=added(insert, counters, [counters.c.value.name])
    )
    return raised.returning(counters.c.value)


_COUNTER = Prepared(counters, _adding)


def take(tx: Connection, count: int) -> range:
    """The next `count` revs, higher than all before.

    The row stays locked until this transaction ends, so with several writers revs become visible in their order.
    """
    last: int = _COUNTER.one(tx, {"name": "rev", "value": count}).scalar_one()
    return range(last - count + 1, last + 1)


def lock(tx: Connection) -> None:
    """What `take` locks, and no rev; SQLite's transactions begin with the lock on everything."""
    if tx.dialect.name == "postgresql":
        take(tx, 0)
