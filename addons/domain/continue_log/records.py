"""Lines -> records: a stamped line, and the unstamped ones that follow it."""

import re

MAX_RECORD_LINES = 40
MAX_RECORD_CHARS = 64 * 1024
"""What is beyond belongs to a stack or to somebody's text."""


class Records:
    def __init__(self, begins: re.Pattern[str] | None) -> None:
        """`begins` fits the first line of a record; None: each line is one."""
        self._begins = begins
        self._lines: list[str] = []
        self._chars = 0

    def feed(self, line: str) -> str | None:
        """The record that this line ends, if it does."""
        if self._begins is None:
            return line
        if self._begins.match(line):
            ended = self.flush()
            self._lines, self._chars = [line], len(line)
            return ended
        # Without a first line it is the rest of a record whose beginning is not ours to know.
        if self._lines and len(self._lines) < MAX_RECORD_LINES and self._chars + len(line) <= MAX_RECORD_CHARS:
            self._lines.append(line)
            self._chars += len(line)
        return None

    def flush(self) -> str | None:
        """The record that waits for its end; what follows it without a stamp is then dropped."""
        record = "\n".join(self._lines) if self._lines else None
        self._lines, self._chars = [], 0
        return record
