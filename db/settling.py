"""Getting a batch written: tries again while the store is the trouble, and leaves out the records that are.

Knows no database: what commits and what waits are given, so that every way to fail can be tested.
"""

import logging
import time
from collections.abc import Callable, Sequence

from db.failures import described, is_of_the_store

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.1
LAST_PAUSE_S = 5.0


class Settling:
    def __init__(
        self,
        commit: Callable[[Sequence[object]], None],
        pause: Callable[[float], bool],
        recovered: Callable[[str, float], None] = lambda reason, seconds: None,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`commit` writes all of what it gets or nothing; `pause(seconds)` answers whether to go on trying;
        `recovered(reason, seconds)` is told once the store works again, with why it had not, and for how long.
        """
        self._commit = commit
        self._pause = pause
        self._pause_s = FIRST_PAUSE_S
        self._complained: set[str] = set()
        self._recovered = recovered
        self._clock_s = clock_s
        self._trouble: tuple[str, float] | None = None
        """Why the store cannot be written, first, and since when."""

    def settle(self, records: Sequence[object]) -> int:
        """Returns when each record is either written or given up; the number of those given up."""
        lost = 0
        parts = [records]
        while parts:
            part = parts.pop()
            try:
                self._commit(part)
            except Exception as error:  # noqa: BLE001 - the writer's thread must outlive any record; each is logged
                if is_of_the_store(error):
                    parts.append(part)
                    if not self._try_again(error):
                        left = sum(len(each) for each in parts)
                        log.error("recorder: gave up, %d records were not written", left)
                        return lost + left
                elif len(part) > 1:
                    middle = len(part) // 2
                    parts += [part[middle:], part[:middle]]
                else:
                    lost += len(part)
                    self._complain("a record was left out", error)
            else:
                self._works()
        return lost

    def _try_again(self, error: Exception) -> bool:
        self._trouble = self._trouble or (described(error), self._clock_s())
        self._complain("the store cannot be written, trying again", error)
        pause_s, self._pause_s = self._pause_s, min(self._pause_s * 2, LAST_PAUSE_S)
        return self._pause(pause_s)

    def _works(self) -> None:
        if self._pause_s > FIRST_PAUSE_S:
            log.warning("recorder: the store can be written again")
            self._complained.clear()
            self._tell_recovery()
        self._pause_s = FIRST_PAUSE_S

    def _tell_recovery(self) -> None:
        if self._trouble:
            (reason, since_s), self._trouble = self._trouble, None
            self._recovered(reason, self._clock_s() - since_s)

    def _complain(self, what: str, error: Exception) -> None:
        """One line for each kind of failure, until the store has been in trouble and works again."""
        line = f"recorder: {what}: {described(error)}"
        if line not in self._complained:
            self._complained.add(line)
            log.error(line)
