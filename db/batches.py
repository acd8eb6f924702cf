"""Which batch a proxy wrote last: so that one is not written twice whose commit nobody heard of.

A connection can break when the server has committed and its answer is still on the way; the writer then cannot know,
and tries again. The mark is set in the batch's own transaction, so it is there exactly where the batch is.
"""

from sqlalchemy import Connection

from db.prepared import Prepared
from db.tables import last_batches
from db.upsert import Insert


def _set(insert: Insert) -> Insert:
    new, stored = insert.excluded.token, last_batches.c.token
    return insert.on_conflict_do_update(index_elements=["proxy_id"], set_={"token": new}, where=stored != new)


_ROW = Prepared(last_batches, _set)


def is_new(tx: Connection, proxy_id: str, token: str) -> bool:
    """False where this proxy's last batch is this one: it is in the store already. Sets the mark."""
    return _ROW.one(tx, {"proxy_id": proxy_id, "token": token}).rowcount == 1
