"""watchdog on folders that come and go."""

import logging
from collections.abc import Callable, Collection
from pathlib import Path

from watchdog.events import (
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from addons.services.followed_file import Identity, identity

log = logging.getLogger(__name__)

WRITTEN: list[type[FileSystemEvent]] = [FileModifiedEvent, FileCreatedEvent, FileMovedEvent]
"""Not opening and closing: our own reading would wake us."""


class FolderWatch(FileSystemEventHandler):
    """`on_change` is called on a thread of watchdog's. Without it nothing is lost: whoever uses this also looks."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._observer: BaseObserver | None = None
        self._watched: dict[Path, tuple[Identity, ObservedWatch]] = {}
        self._is_refused = False

    def dispatch(self, event: FileSystemEvent) -> None:
        self._on_change()

    def watch(self, folders: Collection[Path]) -> None:
        """These and no others, as far as they are there; to be called again now and then."""
        there = {folder: found for folder in folders if (found := _identity_of(folder))}
        for folder in [each for each, (found, _) in self._watched.items() if there.get(each) != found]:
            self._unwatch(folder)
        for folder, found in there.items():
            if folder not in self._watched and not self._is_refused:
                self._watch(folder, found)

    def stop(self) -> None:
        if self._observer:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def _watch(self, folder: Path, found: Identity) -> None:
        try:
            if self._observer is None:
                self._observer = Observer()
                self._observer.start()
            self._watched[folder] = found, self._observer.schedule(self, str(folder), event_filter=WRITTEN)
        except OSError as error:  # such as the system's limit of watches, or removed since
            if folder.is_dir():
                self._is_refused = True
                log.info("Folders cannot be watched (%s); they are looked at now and then", error)

    def _unwatch(self, folder: Path) -> None:
        """Also of a folder that is gone: watchdog has then ended its watch, and still knows it."""
        _, watch = self._watched.pop(folder)
        if self._observer:
            try:
                self._observer.unschedule(watch)
            except (KeyError, OSError) as error:
                log.debug("%s is not watched any more: %r", folder, error)


def _identity_of(folder: Path) -> Identity | None:
    try:
        return identity(folder.stat())
    except OSError:
        return None
