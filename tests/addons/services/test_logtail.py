"""Following the logs: without a thread where what happens is to be told exactly, with it where time is meant."""

import os
import queue
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addons.domain.continue_log import FORMATS, LogEvent, LogKind
from addons.services.logtail import MOST_VANISHED, VANISHED_S, LogTail, Source

CORE, CLI, DATA = FORMATS
TIMEOUT_S = 60.0
"""Only where a test fails."""


def utc(at: datetime) -> int:
    return int(at.replace(tzinfo=UTC).timestamp() * 1000)


def line(number: int) -> bytes:
    return f"[2026-07-12T08:15:00] Error: 429 number {number} \n".encode()


def used(tokens: int) -> bytes:
    row = f'{{"eventName":"tokensGenerated","timestamp":"2026-07-12T08:16:08.412Z","promptTokens":{tokens}}}\n'
    return row.encode()


def append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)


def numbers(events: list[LogEvent]) -> list[int]:
    return [int(event.message.split()[-1]) for event in events]


class Looks:
    """A tail that looks when it is told to, a quiet second later each time."""

    def __init__(self, *sources: Source) -> None:
        self.sources = list(sources)
        self.tail = LogTail(lambda: self.sources, lambda events: None, local_ms=utc)
        self.now_s = 0.0
        self()

    def __call__(self) -> list[LogEvent]:
        """Twice, so that a record whose further lines are waited for is there too."""
        found = []
        for _ in range(2):
            self.now_s += 1.0
            found += self.tail.poll(self.now_s)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "continue"


@pytest.fixture
def core_log(folder: Path) -> Path:
    return folder / "logs" / "core.log"


@pytest.fixture
def looks(folder: Path) -> Iterator[Looks]:
    made = Looks(Source(CORE, folder))
    yield made
    made.sources = []
    made()  # closes the files


def test_only_what_is_new_counts(folder: Path, core_log: Path) -> None:
    append(core_log, line(1))
    looks = Looks(Source(CORE, folder))
    append(core_log, line(2))
    assert numbers(looks()) == [2]
    looks.sources = []
    looks()


def test_a_file_and_a_folder_that_appear_later(looks: Looks, core_log: Path) -> None:
    append(core_log, line(1))
    assert numbers(looks()) == [1]


def test_a_file_renamed_and_another_in_its_place(looks: Looks, core_log: Path) -> None:
    append(core_log, line(1))
    found = looks()
    append(core_log, line(2))
    core_log.rename(core_log.with_name("core.log.1"))
    append(core_log, line(3))
    assert numbers(found + looks()) == [1, 2, 3]


def test_a_file_renamed_within_the_pattern_is_not_read_again(folder: Path) -> None:
    looks = Looks(Source(CLI, folder))
    log = folder / "logs" / "cn.log"
    stamped = b"2026-11-22 06:01:12.005 [2492e19b] [error]: 429 number %d\n"
    append(log, stamped % 1)
    found = looks()
    append(log, stamped % 2)
    log.rename(log.with_name("cn1.log"))
    append(log, stamped % 3)
    assert sorted(numbers(found + looks() + looks())) == [1, 2, 3]
    looks.sources = []
    looks()


def test_a_file_that_comes_back_is_gone_on_with(looks: Looks, core_log: Path) -> None:
    append(core_log, line(1))
    found = looks()
    core_log.rename(core_log.with_name("away"))
    for _ in range(int(VANISHED_S)):
        found += looks()
    core_log.with_name("away").rename(core_log)
    append(core_log, line(2))
    assert numbers(found + looks()) == [1, 2]


def test_a_folder_that_goes_and_comes(looks: Looks, core_log: Path) -> None:
    append(core_log, line(1))
    found = looks()
    shutil.rmtree(core_log.parent)
    found += looks()
    append(core_log, line(2) + line(3))
    assert numbers(found + looks()) == [1, 2, 3]


def test_the_place_of_a_few_files_is_remembered(looks: Looks, core_log: Path) -> None:
    for number in range(MOST_VANISHED + 10):
        append(core_log, line(number))
        looks()
        core_log.rename(core_log.with_name(f"kept{number}"))
        for _ in range(int(VANISHED_S)):
            looks()
    (files,) = looks.tail._files.values()
    assert len(files.by_identity) == len(files.missed) <= MOST_VANISHED + 1


def test_a_log_that_is_switched_off_is_left_alone_and_on_again_begins_at_its_end(looks: Looks, core_log: Path) -> None:
    source = looks.sources[0]
    append(core_log, line(1))
    found = looks()
    looks.sources = []
    append(core_log, line(2))
    found += looks()
    looks.sources = [source]
    found += looks()
    append(core_log, line(3))
    assert numbers(found + looks()) == [1, 3]


def test_what_is_no_file_is_not_opened(looks: Looks, core_log: Path) -> None:
    core_log.parent.mkdir(parents=True)
    os.mkfifo(core_log)
    assert looks() == []
    core_log.unlink()
    core_log.mkdir()
    assert looks() == []


def test_a_file_that_cannot_be_read_is_told_once_and_tried_again(
    looks: Looks, core_log: Path, caplog: pytest.LogCaptureFixture
) -> None:
    core_log.parent.mkdir(parents=True)
    core_log.symlink_to("/proc/self/mem")  # a regular file, whose first bytes nobody may read
    assert looks() == looks() == []
    assert [record.getMessage() for record in caplog.records] == [
        f"{core_log} cannot be followed: OSError: [Errno 5] Input/output error"
    ]


@pytest.mark.parametrize("seed", range(6))
def test_a_log_rotated_and_truncated_under_way_gives_each_event_once(looks: Looks, core_log: Path, seed: int) -> None:
    """As `core.log` is written: line by line, in pieces of any size; the writer knows nothing of the reader."""
    dice = random.Random(seed)
    found: list[LogEvent] = []
    is_known = False
    for number in range(300):
        waiting = line(number)
        while waiting:
            size = dice.randint(1, len(waiting))
            append(core_log, waiting[:size])
            waiting = waiting[size:]
            if dice.random() < 0.2:
                found += looks.tail.poll(looks.now_s)
                is_known = True
        what = dice.random()
        if what < 0.05 and is_known:  # nobody can read a file that came and went between two looks
            core_log.rename(core_log.with_name(f"core.log.{number}"))
            is_known = False
        elif what < 0.10 and is_known:
            core_log.unlink()
            is_known = False
        elif what < 0.15:
            found += looks.tail.poll(looks.now_s)  # what is truncated unread is lost for everybody
            core_log.write_bytes(b"")
        elif what < 0.20:
            found += looks()
            is_known = True
    assert numbers(found + looks()) == list(range(300))


class Told:
    """What a tail on its thread tells."""

    def __init__(self, sources: Callable[[], list[Source]], poll_s: float = 3_600.0) -> None:
        self.events: queue.Queue[LogEvent] = queue.Queue()
        self.tail = LogTail(sources, lambda events: [self.events.put(each) for each in events] and None, poll_s=poll_s)

    def next(self) -> LogEvent:
        return self.events.get(timeout=TIMEOUT_S)

    def rest(self) -> list[LogEvent]:
        found = []
        while not self.events.empty():
            found.append(self.events.get())
        return found


def test_watchdog_tells_of_a_line_at_once(folder: Path) -> None:
    log = folder / "dev_data" / "0.2.0" / "tokensGenerated.jsonl"
    append(log, used(1))
    told = Told(lambda: [Source(DATA, folder)])  # it looks by itself once an hour only
    told.tail.start()
    append(log, used(2))
    first = told.next()
    append(log, used(3))
    second = told.next()
    told.tail.stop()
    assert [first.prompt_tokens, second.prompt_tokens] == [2, 3]
    assert told.rest() == []


def test_it_looks_by_itself_where_nothing_is_watched_yet(folder: Path) -> None:
    told = Told(lambda: [Source(DATA, folder)], poll_s=0.02)
    told.tail.start()
    log = folder / "dev_data" / "0.2.0" / "tokensGenerated.jsonl"
    append(log, used(1))
    first = told.next()
    shutil.rmtree(folder)
    append(log, used(2))
    second = told.next()
    told.tail.stop()
    assert [first.prompt_tokens, second.prompt_tokens] == [1, 2]
    assert told.rest() == []


def test_stopping_hands_on_all_that_is_written(folder: Path, core_log: Path) -> None:
    append(core_log, b"")
    told = Told(lambda: [Source(CORE, folder)])
    told.tail.start()
    append(core_log, b"".join(line(number) for number in range(500)))
    told.tail.stop()
    told.tail.stop()
    assert numbers(told.rest()) == list(range(500))


def test_a_failure_while_an_event_is_handed_on_ends_nothing(
    folder: Path, core_log: Path, caplog: pytest.LogCaptureFixture
) -> None:
    append(core_log, b"")
    kept: queue.Queue[LogEvent] = queue.Queue()

    def take(events: list[LogEvent]) -> None:
        for event in events:
            if event.kind is LogKind.STARTED:
                raise RuntimeError("no room")
            kept.put(event)

    tail = LogTail(lambda: [Source(CORE, folder)], take, poll_s=0.02)
    tail.start()
    append(core_log, b"[2026-07-12T08:15:01] [info] Starting Continue core... \n")
    append(core_log, line(7))
    append(core_log, line(8))
    tail.stop()
    assert "RuntimeError: no room" in caplog.text


def test_restarted_it_begins_at_the_end_again(folder: Path, core_log: Path) -> None:
    found = []
    for number in range(3):
        told = Told(lambda: [Source(CORE, folder)])
        told.tail.start()
        append(core_log, line(number))
        told.tail.stop()
        found += told.rest()
        append(core_log, line(100))  # while nobody looks
    assert numbers(found) == [0, 1, 2]
