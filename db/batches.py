"""Which batch a proxy wrote last: so that one is not written twice whose commit nobody heard of.

A connection can break when the server has committed and its answer is still on the way; the writer then cannot know,
and tries again. The mark is set in the batch's own transaction, so it is there exactly where the batch is.
"""

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection

from db.prepared import Prepared
from db.tables import last_batches
from db.upsert import Insert


def _set(insert: Insert) -> Insert:
    new, stored = insert.excluded.token, last_batches.c.token
    return insert.on_conflict_do_update(index_elements=["proxy_id"], set_={"token": new}, where=stored != new)


_ROW = Prepared(last_batches, _set)


class Mark:
    """One proxy's."""

    def __init__(self, proxy_id: str) -> None:
        self._proxy_id = proxy_id
        self._tried: Sequence[object] = ()
        self._token = ""
        """Of the batch that is being tried, the same each time."""

    def is_new(self, tx: Connection, batch: Sequence[object]) -> bool:
        """False where this very batch is in the store already: an earlier try got through, only its answer did not."""
        if batch is not self._tried:
            self._tried, self._token = batch, secrets.token_hex(8)
        return _ROW.one(tx, {"proxy_id": self._proxy_id, "token": self._token}).rowcount == 1

    def forget(self) -> None:
        """The batch has been written: do not hold it any longer."""
        self._tried = ()
