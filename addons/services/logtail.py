"""Follows Continue's logs on a thread of its own; only what is written from `start` on counts, and nothing is kept.

watchdog wakes it within milliseconds; each second it looks by itself, because inotify misses what happens on network
drives, and folders may come and go. All reading is `poll`, which knows no thread and can be tested without one.
"""

import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from addons.domain.continue_log import Format, LogEvent
from addons.domain.continue_log.cli_log import LocalMs
from addons.services.folder_watch import FolderWatch
from addons.services.followed_file import FollowedFile, Identity, identity

log = logging.getLogger(__name__)

POLL_S = 1.0
SETTLE_S = 0.05
"""Between two looks at most twenty a second, however much is written."""
VANISHED_S = 5.0
"""A file that is gone is still read for this time: whoever wrote it may have it open."""
MOST_VANISHED = 20
"""Of so many their place is remembered, for a file that comes back."""


def local_ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of log in one of Continue's folders."""

    form: Format
    continue_dir: Path

    @property
    def folder(self) -> Path:
        return self.continue_dir.joinpath(*self.form.folder)


@dataclass(slots=True)
class _Files:
    """Of one source, oldest first."""

    by_identity: dict[Identity, FollowedFile] = field(default_factory=dict)
    missed: dict[Identity, float] = field(default_factory=dict)
    """Since when those that are gone were not found, in seconds of the caller's clock."""
    is_new: bool = True


class LogTail:
    """`start` and `stop`; `on_events` is called on the thread, at least once a second, often with nothing."""

    def __init__(
        self,
        wanted: Callable[[], Collection[Source]],
        on_events: Callable[[list[LogEvent]], None],
        *,
        poll_s: float = POLL_S,
        local_ms: LocalMs = local_ms,
    ) -> None:
        """`wanted` is asked at each look, so that settings take effect at once."""
        self._wanted = wanted
        self._on_events = on_events
        self._poll_s = poll_s
        self._local_ms = local_ms
        self._files: dict[Source, _Files] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="logtail", daemon=True)
        self._folders = FolderWatch(self._wake.set)
        self._complaints: set[str] = set()

    def start(self) -> None:
        """What is written after this returns is read, what was written before is not."""
        self.poll(time.monotonic())
        self._wake.set()  # for what is written before the folders are watched
        self._thread.start()

    def stop(self) -> None:
        """Returns when all that is written by now has been handed on."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident:
            self._thread.join()
        self._folders.stop()

    def poll(self, now_s: float) -> list[LogEvent]:
        """What is new in all files. Never raises for a file; one that cannot be read is tried again."""
        sources = tuple(self._wanted())
        for gone in self._files.keys() - set(sources):
            for file in self._files.pop(gone).by_identity.values():
                file.close()
        return [event for source in sources for event in self._poll_source(source, now_s)]

    def flush(self) -> list[LogEvent]:
        """The last records, for whose further lines nobody waits any longer."""
        return [
            event for files in self._files.values() for file in files.by_identity.values() for event in file.flush()
        ]

    def _poll_source(self, source: Source, now_s: float) -> list[LogEvent]:
        files = self._files.setdefault(source, _Files())
        found = dict(_matching(source))
        events: list[LogEvent] = []
        for gone in [each for each in files.by_identity if each not in found]:
            events += self._last_of(files, gone, now_s)
        for each, path in found.items():
            files.missed.pop(each, None)
            if each in files.by_identity:
                files.by_identity[each].path = path
            else:
                self._add(files, each, path, source.form)
        files.is_new = False
        for file in [files.by_identity[each] for each in found if each in files.by_identity]:
            with self._telling(file.path):
                events += file.read(now_s)
        return events

    def _add(self, files: _Files, new: Identity, path: Path, form: Format) -> None:
        """In the place of a file of that name which is gone and read to its end, if it begins as that one ended."""
        file = FollowedFile(path, new, form, self._local_ms, from_end=files.is_new)
        with self._telling(path):
            for former in [gone for gone in files.missed if files.by_identity[gone].path == path]:
                if file.take_over(files.by_identity[former]):
                    del files.missed[former]
                    files.by_identity.pop(former).close()
                    break
            files.by_identity[new] = file

    def _last_of(self, files: _Files, gone: Identity, now_s: float) -> list[LogEvent]:
        """What was written to a file before, or soon after, it was gone. Its place stays known for a while longer."""
        file = files.by_identity[gone]
        events: list[LogEvent] = []
        if now_s - files.missed.setdefault(gone, now_s) <= VANISHED_S:
            with self._telling(file.path):
                events += file.read(now_s)
        else:
            file.close()
        for forgotten in list(files.missed)[:-MOST_VANISHED]:
            del files.missed[forgotten]
            files.by_identity.pop(forgotten).close()
        return events + file.flush()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._folders.watch({source.folder for source in self._wanted()})
            self._wake.wait(self._poll_s)
            self._wake.clear()
            self._look()
            self._stopping.wait(SETTLE_S)
        self._look(is_last=True)
        for file in self._all():
            file.close()

    def _all(self) -> Iterator[FollowedFile]:
        for files in self._files.values():
            yield from files.by_identity.values()

    def _look(self, is_last: bool = False) -> None:
        try:
            events = self.poll(time.monotonic())
            self._on_events(events + self.flush() if is_last else events)
        except Exception as error:  # noqa: BLE001 - the thread must outlive any line; each kind of failure is told
            self._complain(Path("the IDE's log"), error)

    @contextmanager
    def _telling(self, path: Path) -> Iterator[None]:
        """What fails is told, and tried again at the next look."""
        try:
            yield
        except FileNotFoundError:
            pass  # gone or replaced since it was listed
        except OSError as error:
            self._complain(path, error)

    def _complain(self, path: Path, error: Exception) -> None:
        """Once for each kind of failure."""
        line = f"{path} cannot be followed: {type(error).__name__}: {error}"
        if line not in self._complaints:
            self._complaints.add(line)
            log.warning("%s", line)


def _matching(source: Source) -> Iterator[tuple[Identity, Path]]:
    """The files there are now; none where the folder is not there."""
    try:
        names = sorted(name for name in os.listdir(source.folder) if source.form.files.fullmatch(name))
    except OSError:
        return
    for name in names:
        path = source.folder / name
        try:
            status = path.stat()
        except OSError:
            continue  # removed since
        if stat.S_ISREG(status.st_mode):  # opening a pipe would wait
            yield identity(status), path
