"""However a file is changed, it is noticed once."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from addons.services import settings_watch
from addons.services.settings_watch import SettingsWatch

SOON_S = 60.0
"""Most of a watch's time on a busy machine; a passing test needs a fraction of a second."""


class Calls:
    def __init__(self) -> None:
        self.count = 0
        self._called = threading.Semaphore(0)

    def __call__(self) -> None:
        self.count += 1
        self._called.release()

    def wait(self) -> bool:
        return self._called.acquire(timeout=SOON_S)


Watch = Callable[..., Calls]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "settings"
    path.mkdir()
    (path / "providers.toml").write_text("a = 1")
    return path


@pytest.fixture
def watch() -> Iterator[Watch]:
    made: list[SettingsWatch] = []

    def build(*files: Path, settle_s: float = 0.05) -> Calls:
        calls = Calls()
        made.append(SettingsWatch(files, calls, settle_s=settle_s))
        made[-1].start()
        return calls

    yield build
    for each in made:
        each.stop()


def in_place(file: Path) -> None:
    file.write_text("a = 2")


def by_rename(file: Path) -> None:
    new = file.with_name(".providers.toml.swp")
    new.write_text("a = 2")
    new.replace(file)


def by_backup(file: Path) -> None:
    file.rename(file.with_name("providers.toml~"))
    file.write_text("a = 2")


def by_removal(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("change", [in_place, by_rename, by_backup, by_removal])
def test_a_change_is_noticed_in_whichever_way_it_is_made(
    watch: Watch, folder: Path, change: Callable[[Path], None]
) -> None:
    calls = watch(folder / "providers.toml")
    change(folder / "providers.toml")
    assert calls.wait()


def test_a_file_is_noticed_that_was_not_there_nor_its_folder(watch: Watch, tmp_path: Path) -> None:
    file = tmp_path / "home" / "providers.toml"
    calls = watch(file)
    file.write_text("a = 1")
    assert calls.wait()


def test_writing_in_pieces_is_one_change(watch: Watch, folder: Path) -> None:
    file = folder / "providers.toml"
    calls = watch(file, settle_s=0.5)
    for at in range(20):
        file.write_text(f"a = {at}")
    assert calls.wait()
    assert calls.count == 1


def test_a_second_change_is_noticed_too(watch: Watch, folder: Path) -> None:
    calls = watch(folder / "providers.toml")
    in_place(folder / "providers.toml")
    assert calls.wait()
    by_rename(folder / "providers.toml")
    assert calls.wait()


def test_reading_it_and_its_neighbours_are_no_change(watch: Watch, folder: Path) -> None:
    calls = watch(folder / "providers.toml")
    (folder / "sessions.db-wal").write_text("x")
    (folder / "providers.toml").read_text()
    in_place(folder / "providers.toml")
    assert calls.wait()
    assert calls.count == 1


def test_what_a_link_leads_to_is_watched(watch: Watch, folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "home" / "providers.toml"
    link.parent.mkdir()
    link.symlink_to(folder / "providers.toml")
    calls = watch(link)
    in_place(folder / "providers.toml")
    assert calls.wait()


def test_a_link_that_leads_elsewhere_now_is_followed(watch: Watch, folder: Path, tmp_path: Path) -> None:
    link, other = tmp_path / "home" / "providers.toml", tmp_path / "other" / "mine.toml"
    other.parent.mkdir()
    other.write_text("a = 3")
    link.parent.mkdir()
    link.symlink_to(folder / "providers.toml")
    calls = watch(link)
    link.unlink()
    link.symlink_to(other)
    assert calls.wait()
    in_place(other)
    assert calls.wait()


def test_where_the_system_tells_nothing_the_files_are_looked_at(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise OSError("inotify watch limit reached")

    monkeypatch.setattr(settings_watch, "Observer", refuse)
    monkeypatch.setattr(settings_watch, "POLL_S", 0.05)
    calls = watch(folder / "providers.toml")
    assert "inotify watch limit reached" in caplog.text
    (folder / "providers.toml").write_text("a = 22")
    assert calls.wait()


def test_one_that_was_never_started_can_be_stopped(folder: Path) -> None:
    SettingsWatch([folder / "providers.toml"], lambda: None).stop()
