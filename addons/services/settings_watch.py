"""Notices that a settings file has changed, however an editor writes it: in place, or by putting another in its place.

Hence the folders are watched, not the files, and also those that symbolic links lead to.
"""

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Collection
from pathlib import Path

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

log = logging.getLogger(__name__)

SETTLE_S = 0.2
"""Quiet time after which a file counts as written: an editor's truncating and writing are one change."""
POLL_S = 1.0
"""Between two looks where the system does not tell of changes."""
WHOLE = [FileMovedEvent, FileCreatedEvent, FileDeletedEvent, FileClosedEvent]
"""What Linux is asked for: not each single write, because the store may lie in the same folder."""


class SettingsWatch(FileSystemEventHandler):
    """`start` and `stop`; `on_change` is called on a thread of the watch's own, and may find nothing new."""

    def __init__(self, files: Collection[Path], on_change: Callable[[], None], *, settle_s: float = SETTLE_S) -> None:
        self._files = files
        self._on_change = on_change
        self._settle_s = settle_s
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="settings-watch", daemon=True)
        self._observer: BaseObserver | None = None
        self._names: frozenset[str] = frozenset()
        self._watched: set[Path] = set()

    def start(self) -> None:
        try:
            self._observe(Observer())
        except OSError as error:  # such as the system's limit of watches
            log.warning("Settings files cannot be watched (%s); they are looked at every %g s", error, POLL_S)
            self._observe(PollingObserver(timeout=POLL_S))
        self._thread.start()

    def stop(self) -> None:
        """Returns when `on_change` will not be called any more."""
        self._stopping.set()
        self._changed.set()
        if self._observer:
            # A thread of its that has nothing to do yet takes being stopped for an error.
            logging.getLogger("watchdog.observers.inotify").setLevel(logging.CRITICAL)
            self._observer.stop()
            self._observer.join()
        if self._thread.ident:
            self._thread.join()

    def dispatch(self, event: FileSystemEvent) -> None:
        names = {Path(os.fsdecode(path)).name for path in (event.src_path, event.dest_path) if path}
        if names & self._names:
            self._changed.set()

    def _observe(self, observer: BaseObserver) -> None:
        self._observer, self._watched = observer, set()
        observer.start()
        self._watch_folders()

    def _watch_folders(self) -> None:
        """Again after each change: a link may lead elsewhere now."""
        found = [path for file in self._files for path in (file, Path(os.path.realpath(file)))]
        self._names = frozenset(path.name for path in found)
        assert self._observer
        is_told_of_closing = sys.platform == "linux" and not isinstance(self._observer, PollingObserver)
        events: list[type[FileSystemEvent]] = [*WHOLE] if is_told_of_closing else [*WHOLE, FileModifiedEvent]
        for folder in {path.parent for path in found} - self._watched:
            with contextlib.suppress(OSError):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # for a file that will be put there later
            if folder.is_dir():
                self._observer.schedule(self, str(folder), event_filter=events)
                self._watched.add(folder)

    def _run(self) -> None:
        while True:
            self._changed.wait()
            while self._changed.is_set() and not self._stopping.is_set():
                self._changed.clear()
                self._stopping.wait(self._settle_s)
            if self._stopping.is_set():
                return
            self._watch_folders()
            self._on_change()
