"""The end of one session, kept up to date by reading only what has changed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dashboard.data import LiveRow, Tail

CHANGES_READ = 1_000
"""More changes than this since the last look: reading the end anew is cheaper."""


@dataclass(slots=True)
class SessionTail:
    """Lives in the browser tab's session state."""

    session_id: str
    limit: int
    rows: list[LiveRow] = field(default_factory=list)
    """Oldest first."""
    total: int = 0
    rev: int = -1
    """The latest change this tail has seen; -1 before the first reading."""

    def numbered(self) -> list[tuple[int, LiveRow]]:
        """Each row with its place in its session, from 1."""
        return list(enumerate(self.rows, start=self.total - len(self.rows) + 1))

    def refresh(self, read_tail: Callable[[str, int], Tail], read_changes: Callable[[int, int], list[LiveRow]]) -> None:
        """With `data.session_tail` and `data.changed_since`."""
        changes = read_changes(self.rev, CHANGES_READ) if self.rev >= 0 else []
        if self.rev < 0 or len(changes) == CHANGES_READ:
            found = read_tail(self.session_id, self.limit)
            self.rows, self.total, self.rev = found.rows, found.total, found.rev
            return
        for row in changes:
            self._take(row)

    def _take(self, row: LiveRow) -> None:
        self.rev = max(self.rev, row.rev)
        known = {old.id: place for place, old in enumerate(self.rows)}
        if row.id in known and row.session_id == self.session_id:
            self.rows[known[row.id]] = row
        elif row.id in known:  # moved to another session
            del self.rows[known[row.id]]
            self.total -= 1
        elif row.session_id == self.session_id and (not self.rows or row.id > self.rows[-1].id):
            self.rows = [*self.rows, row][-self.limit :]
            self.total += 1
