"""The log file: JSON lines without secrets, for the owner alone, never larger than it may be."""

import json
import logging
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from addons.services.log_file import FIELDS, LogFile, line_of

KEY = "sk-kimi-abcdefghijklmnop1234567890"


@pytest.fixture
def open_log(tmp_path: Path) -> Iterator[Callable[..., LogFile]]:
    made: list[LogFile] = []

    def build(level: int = logging.INFO, megabytes: int = 1, keep: int = 2) -> LogFile:
        made.append(LogFile(tmp_path / "log" / "proxy.jsonl", level=level, megabytes=megabytes, keep=keep))
        return made[-1]

    yield build
    for file in made:
        file.close()


def record(name: str = "addons.hooks.store", level: int = logging.INFO, message: str = "hello", **more: Any) -> Any:
    return logging.makeLogRecord(
        {"name": name, "levelno": level, "levelname": logging.getLevelName(level), "msg": message, **more}
    )


def lines(file: LogFile) -> list[dict[str, Any]]:
    file.close()
    return [json.loads(line) for line in file.path.read_text(encoding="utf-8").splitlines()]


def test_a_line_is_one_object_with_its_time_in_utc() -> None:
    entry = json.loads(line_of(record(message="%d records of %s", args=(3, "x"), created=1_790_000_000.25)))
    assert entry == {
        "at": "2026-09-21T14:13:20.250Z",
        "level": "info",
        "logger": "addons.hooks.store",
        "message": "3 records of x",
    }


def test_keys_are_taken_out_of_every_text() -> None:
    line = line_of(record(message="authorization: Bearer %s", args=(KEY,), **{FIELDS: {"model": KEY, "n": 1}}))
    assert KEY not in line and json.loads(line)["n"] == 1


def test_an_exception_leaves_its_name_and_its_place() -> None:
    try:
        raise ValueError("quotes the request")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    entry = json.loads(line_of(record(exc_info=info)))
    assert entry["error"] == "ValueError" and "test_log_file.py" in entry["where"][0]
    assert "quotes" not in json.dumps(entry)


@pytest.mark.parametrize(
    ("name", "level", "written"),
    [
        ("addons.hooks.store", logging.INFO, True),
        ("db.recorder", logging.INFO, True),
        ("addons.hooks.store", logging.DEBUG, False),
        ("mitmproxy.proxy.server", logging.INFO, False),
        ("mitmproxy.proxy.server", logging.WARNING, True),
        ("addonsomething", logging.INFO, False),
    ],
)
def test_only_our_own_lines_are_written_below_a_warning(
    open_log: Callable[..., LogFile], name: str, level: int, written: bool
) -> None:
    file, logger = open_log(), logging.getLogger(name)
    logger.addHandler(file)
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.log(level, "x")
    logger.setLevel(before)
    logger.removeHandler(file)
    assert bool(lines(file)) is written


def test_file_and_folder_are_the_owners_alone(open_log: Callable[..., LogFile]) -> None:
    file = open_log()
    file.tell("addons.x", "completion", {"outcome": "ok"})
    assert lines(file)[0]["outcome"] == "ok"
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_a_full_file_is_put_aside_and_few_are_kept(open_log: Callable[..., LogFile]) -> None:
    file = open_log()
    for _ in range(40):
        file.handle(record(message="x" * 100_000))
    file.close()
    found = sorted(file.path.parent.iterdir())
    assert [path.name for path in found] == ["proxy.jsonl", "proxy.jsonl.1", "proxy.jsonl.2"]
    assert all(path.stat().st_size <= 1_000_000 and stat.S_IMODE(path.stat().st_mode) == 0o600 for path in found)


def test_a_level_above_info_tells_no_calls(open_log: Callable[..., LogFile]) -> None:
    file = open_log(level=logging.WARNING)
    file.tell("addons.x", "completion", {})
    assert lines(file) == []


def test_closing_again_does_nothing(open_log: Callable[..., LogFile]) -> None:
    file = open_log()
    file.close()
    file.close()
