"""The proxy's log file: JSON, one object a line, written by a thread of its own.

Keys are scrubbed from every text, and an exception leaves its name and its lines of code, never its own text, which may
quote a request. A disk that is slow or full holds nobody up: lines wait in a queue, and what finds no room is counted.
"""

import json
import logging
import os
import queue
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import MappingProxyType
from typing import Any

from addons.domain.scrub import scrub

CAPACITY = 10_000
"""Lines that may wait."""
CLOSE_S = 2.0
FRAMES = 4
FIELDS = "fields"
"""The attribute of a LogRecord with what goes into the object besides."""
NOTHING: Mapping[str, Any] = MappingProxyType({})
OURS = ("addons", "db")
"""Loggers whose lines are written at the level that is set; others only from WARNING on, because they quote traffic."""


class LogFile(logging.Handler):
    """A handler for the root logger. `close` writes what waits."""

    def __init__(self, path: Path, *, level: int, megabytes: int, keep: int) -> None:
        """:raises OSError: if the file cannot be written."""
        super().__init__(level)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self.lost = 0
        self._file = _PrivateFile(
            path, maxBytes=megabytes * 1_000_000, backupCount=keep, encoding="utf-8", errors="backslashreplace"
        )
        self._waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(CAPACITY)
        self._thread = threading.Thread(target=self._run, name="log file", daemon=True)
        self._thread.start()

    def filter(self, record: logging.LogRecord) -> bool:
        ours = record.name.partition(".")[0] in OURS
        return bool((ours or record.levelno >= logging.WARNING) and super().filter(record))

    def tell(self, logger: str, message: str, fields: Mapping[str, Any]) -> None:
        """A line at level info for this file alone; it does not reach the terminal."""
        if self.level <= logging.INFO:
            made = {"name": logger, "msg": message, "levelno": logging.INFO, "levelname": "INFO", FIELDS: fields}
            self.handle(logging.makeLogRecord(made))

    def emit(self, record: logging.LogRecord) -> None:
        """Never waits. The text is made here: what the record refers to may change."""
        line = logging.makeLogRecord({"msg": line_of(record)})
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            self.lost += 1

    def close(self) -> None:
        try:
            self._waiting.put(None, timeout=CLOSE_S)
        except queue.Full:
            self.lost += self._waiting.qsize()
        self._thread.join(CLOSE_S)
        super().close()

    def _run(self) -> None:
        while (line := self._waiting.get()) is not None:
            self._file.handle(line)
        self._file.close()


class _PrivateFile(RotatingFileHandler):
    """For its owner alone, also the one that follows on a full one."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        os.fchmod(descriptor, 0o600)  # one that was there may be more open
        return open(descriptor, "a", encoding=self.encoding, errors=self.errors)

    def handleError(self, record: logging.LogRecord) -> None:
        """A disk that is full is no reason to print a traceback for each line."""


def line_of(record: logging.LogRecord) -> str:
    """One object: `at` (UTC, ISO 8601), `level`, `logger`, `message`, and what the record has besides."""
    entry: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": scrub(record.getMessage()),
    }
    for name, value in getattr(record, FIELDS, NOTHING).items():
        entry[name] = scrub(value) if isinstance(value, str) else value
    if record.exc_info and record.exc_info[0]:
        kind, _, trace = record.exc_info
        frames = traceback.extract_tb(trace)[-FRAMES:]
        entry["error"] = kind.__name__
        entry["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return json.dumps(entry, ensure_ascii=False)
