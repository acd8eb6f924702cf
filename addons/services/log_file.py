"""The proxy's log file: JSON, one object a line, written by a thread of its own.

Keys are scrubbed from every text, and an exception leaves its name and its lines of code, never its own text, which may
quote a request. A disk that is slow or full holds nobody up: lines wait in a queue, and what finds no room is counted.
The thread looks by itself every quarter of a second: to wake it for each line would cost a request more than the line.
"""

import json
import logging
import os
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from addons.domain.scrub import scrub

CAPACITY = 10_000
"""Lines that may wait."""
LOOK_S = 0.25
CLOSE_S = 2.0
PIECE_CHARS = 64_000
"""Lines that are written at once; a longer one is written alone."""
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
        self._waiting: deque[str | _Told] = deque()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log file", daemon=True)
        self._thread.start()

    def filter(self, record: logging.LogRecord) -> bool:
        ours = record.name.partition(".")[0] in OURS
        return bool((ours or record.levelno >= logging.WARNING) and super().filter(record))

    def tell(self, logger: str, message: str, fields: Mapping[str, Any]) -> None:
        """A line at level info for this file alone; it does not reach the terminal. The fields stay as they are."""
        if self.level <= logging.INFO:
            self._wait(_Told(time.time(), logger, message, fields))

    def emit(self, record: logging.LogRecord) -> None:
        """Never waits. The text is made here: what the record refers to may change."""
        self._wait(line_of(record))

    def close(self) -> None:
        self._closing.set()
        self._thread.join(CLOSE_S)
        super().close()

    def _wait(self, line: "str | _Told") -> None:
        if len(self._waiting) < CAPACITY:
            self._waiting.append(line)
        else:
            self.lost += 1

    def _run(self) -> None:
        closing = False
        while not closing:
            closing = self._closing.wait(LOOK_S)  # asked before the look: what waits by then is written
            for piece in _pieces(self._lines()):
                self._file.handle(logging.makeLogRecord({"msg": piece}))
        self._file.close()

    def _lines(self) -> Iterator[str]:
        while self._waiting:
            line = self._waiting.popleft()
            yield line if isinstance(line, str) else line.text()


class _Told(NamedTuple):
    """What makes a line; made where nobody waits for it."""

    at_s: float
    logger: str
    message: str
    fields: Mapping[str, Any]

    def text(self) -> str:
        return _line(self.at_s, "info", self.logger, self.message, self.fields)


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
    fields: Mapping[str, Any] = getattr(record, FIELDS, NOTHING)
    if record.exc_info and record.exc_info[0]:
        kind, _, trace = record.exc_info
        frames = traceback.extract_tb(trace)[-FRAMES:]
        where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        fields = {**fields, "error": kind.__name__, "where": where}
    return _line(record.created, record.levelname.lower(), record.name, record.getMessage(), fields)


def _line(at_s: float, level: str, logger: str, message: str, fields: Mapping[str, Any]) -> str:
    at = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry: dict[str, Any] = {"at": at, "level": level, "logger": logger, "message": scrub(message)}
    for name, value in fields.items():
        entry[name] = scrub(value) if isinstance(value, str) else value
    return _encode(entry)


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    """Lines together, without the newline that the file ends each piece with."""
    held: list[str] = []
    chars = 0
    for line in lines:
        if held and chars + len(line) > PIECE_CHARS:
            yield "\n".join(held)
            held, chars = [], 0
        held.append(line)
        chars += len(line)
    if held:
        yield "\n".join(held)


_encode = json.JSONEncoder(ensure_ascii=False).encode
