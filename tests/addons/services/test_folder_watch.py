"""Folders that come and go."""

import threading
from pathlib import Path

from addons.services.folder_watch import FolderWatch

TIMEOUT_S = 60.0
"""Only where a test fails."""


def test_a_folder_is_watched_again_when_it_comes_back(tmp_path: Path) -> None:
    changed = threading.Event()
    watch = FolderWatch(changed.set)
    folder = tmp_path / "logs"
    for _ in range(3):
        watch.watch([folder])  # not there
        folder.mkdir()
        watch.watch([folder])
        watch.watch([folder])
        changed.clear()
        (folder / "core.log").write_bytes(b"x")
        assert changed.wait(TIMEOUT_S)
        (folder / "core.log").unlink()
        folder.rmdir()
    watch.stop()
    watch.stop()


def test_a_folder_that_is_not_wanted_any_more_is_left_alone(tmp_path: Path) -> None:
    changed = threading.Event()
    watch = FolderWatch(changed.set)
    watch.watch([tmp_path])
    (tmp_path / "first").write_bytes(b"x")
    assert changed.wait(TIMEOUT_S)
    watch.watch([])
    assert watch._watched == {}
    watch.stop()


def test_reading_wakes_nobody(tmp_path: Path) -> None:
    """Otherwise each look would cause the next one."""
    changed = threading.Event()
    watch = FolderWatch(changed.set)
    file = tmp_path / "core.log"
    file.write_bytes(b"x")
    watch.watch([tmp_path])
    file.read_bytes()
    assert not changed.wait(0.3)
    watch.stop()
