"""The numbers by which readers notice what is new or corrected (see `models`)."""

from sqlalchemy import Connection

from db import upsert
from db.tables import counters


def take(tx: Connection, count: int) -> range:
    """The next `count` revs, higher than all before.

    The row stays locked until this transaction ends, so with several writers revs become visible in their order.
    """
    statement = upsert.insert(tx, counters).values(name="rev", value=count)
    last: int = tx.execute(
        statement.on_conflict_do_update(
            index_elements=[counters.c.name], set_={"value": counters.c.value + statement.excluded.value}
        ).returning(counters.c.value)
    ).scalar_one()
    return range(last - count + 1, last + 1)
