"""One growing file, read to its end again and again: whatever happens to it, each byte is handed on once.

The file stays open, so that what was written before it was renamed or removed is still read. The last bytes that were
read are remembered: where they no longer stand, the file was emptied and written anew in between, as copytruncate does.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from addons.domain.continue_log import Format, LogEvent, Reader
from addons.domain.continue_log.cli_log import LocalMs
from addons.domain.continue_log.lines import BOM_BYTES, encoding_of

CHUNK_BYTES = 64 * 1024
MOST_CHUNKS = 256
"""In one look: 16 MB."""
REMEMBERED_BYTES = 512
"""More than a line of dev_data has: the ends of two such lines are often the same."""
QUIET_S = 1.0
"""After this time without new bytes, a record is taken to have no further lines."""

Identity = tuple[int, int]
"""Device and inode: what a file keeps when it is renamed."""


def identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino


class FollowedFile:
    """For one thread."""

    def __init__(self, path: Path, which: Identity, form: Format, local_ms: LocalMs, *, from_end: bool) -> None:
        """`from_end`: what is there when it is read first does not count."""
        self.path = path
        self._identity = which
        self._new_reader: Callable[..., Reader] = lambda *args, **options: Reader(form, local_ms, *args, **options)
        self._reader = self._new_reader()
        self._from_end = from_end
        self._file: BinaryIO | None = None
        self._offset = 0
        self._last = b""
        """What stands before the offset, at most REMEMBERED_BYTES."""
        self._read_at_s = 0.0

    def take_over(self, other: "FollowedFile") -> bool:
        """Go on where another file was left, if the same bytes stand there: an editor's copy.

        :raises OSError: if it cannot be read.
        """
        mine = self._offset, self._last
        self._offset, self._last = other._offset, other._last
        if self._offset and self._is_continued(self._opened()):
            self._reader = other._reader
            return True
        self._offset, self._last = mine
        return False

    def read(self, now_s: float) -> list[LogEvent]:
        """What is new, and after a quiet time the record that waited for further lines.

        :param now_s: of a clock that does not go back.
        :raises OSError: if it cannot be read; the next call tries again.
        """
        file = self._opened()
        if self._from_end:
            self._skip(file)
            self._from_end = False
        events: list[LogEvent] = []
        if not self._is_continued(file):
            events += self._reader.flush()
            self._offset, self._last = 0, b""
        for _ in range(MOST_CHUNKS):
            data = self._at(file, self._offset, CHUNK_BYTES)
            if not data:
                break
            if not self._offset:
                if len(data) < BOM_BYTES:
                    break  # too little to tell its encoding
                self._reader = self._new_reader(encoding_of(data))
            events += self._reader.feed(data)
            self._offset += len(data)
            self._last = (self._last + data)[-REMEMBERED_BYTES:]
            self._read_at_s = now_s
        return events + self._reader.flush() if now_s - self._read_at_s >= QUIET_S else events

    def flush(self) -> list[LogEvent]:
        """The last record, whose end nobody will write."""
        return self._reader.flush()

    def close(self) -> None:
        if self._file:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None

    def _skip(self, file: BinaryIO) -> None:
        self._offset = os.fstat(file.fileno()).st_size
        self._last = self._before(file)
        is_whole = not self._last or self._last.rstrip(b"\0").endswith(b"\n")
        self._reader = self._new_reader(encoding_of(self._at(file, 0, BOM_BYTES)), mid_line=not is_whole)

    def _opened(self) -> BinaryIO:
        if self._file is None:
            file = self.path.open("rb", buffering=0)
            if identity(os.fstat(file.fileno())) != self._identity:
                file.close()
                raise FileNotFoundError(f"{self.path} has just been replaced")
            self._file = file
        return self._file

    def _is_continued(self, file: BinaryIO) -> bool:
        return os.fstat(file.fileno()).st_size >= self._offset and self._before(file) == self._last

    def _before(self, file: BinaryIO) -> bytes:
        length = min(self._offset, REMEMBERED_BYTES)
        return self._at(file, self._offset - length, length)

    @staticmethod
    def _at(file: BinaryIO, offset: int, length: int) -> bytes:
        file.seek(offset)
        return file.read(length)
