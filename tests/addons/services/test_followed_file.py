"""One file, whatever happens to it."""

import codecs
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addons.domain.continue_log import FORMATS, LogEvent
from addons.services.followed_file import CHUNK_BYTES, MOST_CHUNKS, QUIET_S, FollowedFile, identity

CORE_LOG = FORMATS[0]


def utc(at: datetime) -> int:
    return int(at.replace(tzinfo=UTC).timestamp() * 1000)


def line(number: int) -> bytes:
    return f"[2026-07-12T08:{number // 60:02}:{number % 60:02}] Error: 429 number {number} \n".encode()


Follow = Callable[..., FollowedFile]


@pytest.fixture
def followed() -> Iterator[Follow]:
    """Files, closed at the end."""
    made: list[FollowedFile] = []

    def build(path: Path, *, from_end: bool = False) -> FollowedFile:
        made.append(FollowedFile(path, identity(path.stat()), CORE_LOG, utc, from_end=from_end))
        return made[-1]

    yield build
    for file in made:
        file.close()
        file.close()  # again does nothing


def numbers(events: list[LogEvent]) -> list[int]:
    return [int(event.message.split()[-1]) for event in events]


def settled(file: FollowedFile) -> list[int]:
    """All that is new, also the last record, as after a quiet second."""
    return numbers(file.read(0.0) + file.read(QUIET_S))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "core.log"
    path.write_bytes(line(1))
    return path


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_what_was_there_before_does_not_count(followed: Follow, path: Path) -> None:
    file = followed(path, from_end=True)
    assert settled(file) == []
    append(path, line(2))
    assert settled(file) == [2]


def test_nor_does_the_rest_of_a_line_that_was_under_way(followed: Follow, path: Path) -> None:
    append(path, line(2)[:-10])
    file = followed(path, from_end=True)
    settled(file)
    append(path, line(2)[-10:] + line(3))
    assert settled(file) == [3]


def test_a_record_waits_for_its_further_lines(followed: Follow, path: Path) -> None:
    file = followed(path)
    assert file.read(10.0) == []
    assert file.read(10.0 + QUIET_S / 2) == []
    assert numbers(file.read(10.0 + QUIET_S)) == [1]
    assert file.read(20.0) == []


def test_a_line_may_come_in_parts(followed: Follow, path: Path) -> None:
    file = followed(path)
    found = settled(file)
    for part in (line(2)[:5], line(2)[5:30], line(2)[30:]):
        append(path, part)
        found += settled(file)
    assert found == [1, 2]


def test_a_file_that_was_emptied_begins_anew(followed: Follow, path: Path) -> None:
    file = followed(path)
    append(path, line(2))
    found = settled(file)
    path.write_bytes(line(3))
    assert found + settled(file) == [1, 2, 3]


def test_also_where_it_has_grown_again_meanwhile(followed: Follow, path: Path) -> None:
    file = followed(path)
    found = settled(file)
    path.write_bytes(line(2) + line(3) + line(4))
    assert found + settled(file) == [1, 2, 3, 4]


def test_what_was_written_before_a_file_was_removed_is_read(followed: Follow, path: Path) -> None:
    file = followed(path)
    found = settled(file)
    append(path, line(2))
    path.unlink()
    assert found + settled(file) == [1, 2]


def test_a_copy_is_gone_on_with(followed: Follow, path: Path, tmp_path: Path) -> None:
    file = followed(path)
    found = settled(file)
    (tmp_path / "copy").write_bytes(path.read_bytes() + line(2))
    os.replace(tmp_path / "copy", path)
    copy = followed(path)
    copy.take_over(file)
    assert found + settled(copy) == [1, 2]


def test_another_file_of_that_name_is_not(followed: Follow, path: Path, tmp_path: Path) -> None:
    file = followed(path)
    found = settled(file)
    (tmp_path / "new").write_bytes(line(2) + line(3))
    os.replace(tmp_path / "new", path)
    new = followed(path)
    new.take_over(file)
    assert found + settled(new) == [1, 2, 3]


def test_a_file_that_was_replaced_before_it_was_opened_is_not_read(
    followed: Follow, path: Path, tmp_path: Path
) -> None:
    file = followed(path)
    (tmp_path / "new").write_bytes(line(2))
    os.replace(tmp_path / "new", path)
    with pytest.raises(FileNotFoundError, match="has just been replaced"):
        file.read(0.0)


@pytest.mark.parametrize("from_end", [True, False])
def test_utf_16_is_read(followed: Follow, tmp_path: Path, from_end: bool) -> None:
    path = tmp_path / "core.log"
    path.write_bytes(codecs.BOM_UTF16_LE + line(1).decode().encode("utf-16-le"))
    file = followed(path, from_end=from_end)
    found = settled(file)
    append(path, line(2).decode().encode("utf-16-le"))
    assert found + settled(file) == ([2] if from_end else [1, 2])


def test_a_first_byte_alone_waits_for_the_one_that_tells_the_encoding(followed: Follow, tmp_path: Path) -> None:
    path, data = tmp_path / "core.log", codecs.BOM_UTF16_BE + line(1).decode().encode("utf-16-be")
    path.write_bytes(data[:1])
    file = followed(path)
    found = settled(file)
    append(path, data[1:])
    assert found + settled(file) == [1]


def test_one_look_reads_no_more_than_its_share(followed: Follow, path: Path) -> None:
    path.write_bytes(b"x" * CHUNK_BYTES * (MOST_CHUNKS + 1) + b"\n" + line(2))
    file = followed(path)
    assert file.read(0.0) == []
    assert file._offset == CHUNK_BYTES * MOST_CHUNKS
    assert settled(file) == [2]
