"""What the recorder's thread does for the store now and then, beside writing."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from addons.domain.errors import UserError
from db import hiding
from db.failures import described
from db.hiding import UNDO_MS

log = logging.getLogger(__name__)

EVERY_MS = 60_000


class Housekeeping:
    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Connection]],
        undo_ms: Callable[[], int] = lambda: UNDO_MS,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        """`begin` opens a transaction; `undo_ms` tells how long a deleted session can be restored; `look` looks after
        the file itself.
        """
        self._begin = begin
        self._look = look
        self._undo_ms = undo_ms
        self._done_at_ms: int | None = None

    def keep(self, now_ms: int) -> None:
        """At once, and then every minute. Never raises for the store: what fails is tried again a minute later."""
        if self._done_at_ms is not None and 0 <= now_ms - self._done_at_ms < EVERY_MS:
            return
        self._done_at_ms = now_ms
        try:
            self._look()
            with self._begin() as tx:
                removed = hiding.purge_deleted(tx, now_ms, self._undo_ms())
        except (SQLAlchemyError, UserError, OSError) as error:
            log.warning("recorder: deleted sessions were not removed: %s", described(error))
        else:
            if removed:
                log.info("recorder: removed %d deleted sessions for good", removed)
