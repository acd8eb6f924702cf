"""What the recorder's thread does for the store now and then, beside writing."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from addons.domain.errors import UserError
from addons.domain.settings.retention import Retention
from db import hiding, retention
from db.failures import described
from db.hiding import UNDO_MS

log = logging.getLogger(__name__)

EVERY_MS = 60_000
EXPIRE_MS = 3_600_000
"""Between two looks for what has been kept long enough: it is counted in days."""


class Housekeeping:
    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Connection]],
        undo_ms: Callable[[], int] = lambda: UNDO_MS,
        look: Callable[[], None] = lambda: None,
        retention: Callable[[], Retention] = Retention,
        steady_ms: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000,
    ) -> None:
        """`begin` opens a transaction; `undo_ms` tells how long a deleted session can be restored; `look` looks after
        the file itself; `retention` tells how long what is kept; `steady_ms` is a clock that nobody sets.
        """
        self._begin = begin
        self._look = look
        self._undo_ms = undo_ms
        self._retention = retention
        self._done_at_ms: int | None = None
        self._expired_at_ms: int | None = None
        """When nothing was left that has been kept long enough."""
        self._steady_ms = steady_ms
        self._steady_done_at_ms = 0

    def keep(self, now_ms: int) -> None:
        """At once, and then every minute. Never raises for the store: what fails is tried again a minute later."""
        if self._done_at_ms is not None and 0 <= now_ms - self._done_at_ms < EVERY_MS:
            return
        self._distrust_a_jump(now_ms)
        self._done_at_ms = now_ms
        try:
            self._look()
            with self._begin() as tx:
                removed = hiding.purge_deleted(tx, now_ms, self._undo_ms())
        except (SQLAlchemyError, UserError, OSError) as error:
            log.warning("recorder: deleted sessions were not removed: %s", described(error))
            return
        if removed:
            log.info("recorder: removed %d deleted sessions for good", removed)
        if self._expired_at_ms is None or not 0 <= now_ms - self._expired_at_ms < EXPIRE_MS:
            self._expire(now_ms)

    def _distrust_a_jump(self, now_ms: int) -> None:
        """A clock that is suddenly weeks ahead may be set right soon; what was removed by it would not come back."""
        steady_ms = self._steady_ms()
        passed_ms = steady_ms - self._steady_done_at_ms
        if self._done_at_ms is not None and now_ms - self._done_at_ms - passed_ms >= EXPIRE_MS:
            self._expired_at_ms = now_ms
        self._steady_done_at_ms = steady_ms

    def _expire(self, now_ms: int) -> None:
        """A part with each call, until nothing is left; then an hour later."""
        try:
            with self._begin() as tx:
                removed = retention.expire(tx, self._retention(), now_ms)
                retention.give_back(tx)
        except (SQLAlchemyError, UserError, OSError) as error:
            log.warning("recorder: what has been kept long enough was not removed: %s", described(error))
            return
        if removed:
            log.info("recorder: removed %d records that have been kept long enough", removed)
        else:
            self._expired_at_ms = now_ms
