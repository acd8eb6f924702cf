"""Whole files, in any pieces."""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.continue_log import FORMATS, Format, LogEvent, Reader, as_event
from addons.domain.places import ROOT

CORE_LOG = (ROOT / "tests/data/continue/logs/core.log").read_bytes()
BY_KEY = {form.key: form for form in FORMATS}


def utc(at: datetime) -> int:
    return int(at.replace(tzinfo=UTC).timestamp() * 1000)


def read(form: Format, *pieces: bytes) -> list[LogEvent]:
    reader = Reader(form, utc)
    return [event for piece in pieces for event in reader.feed(piece)] + reader.flush()


WHOLE = read(BY_KEY["core_log"], CORE_LOG)


@given(st.lists(st.integers(1, 400), max_size=60))
def test_the_events_are_the_same_in_whatever_pieces_the_file_grows(sizes: list[int]) -> None:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(CORE_LOG[at : at + size])
        at += size
    assert read(BY_KEY["core_log"], *pieces, CORE_LOG[at:]) == WHOLE
    assert len(WHOLE) == 18


WORDS = [
    *(b"[2026-07-12T08:15:01] ", b"2026-11-22 06:01:12.005 [2492e19b] [error]: ", b"\n", b'{"', b"}", b"Error: "),
    *(b"Not enough context available", b"- tools: ~1.1.1", b"Error running handler for ", b'"x":  ', b"429", b"\xff"),
    b'{"eventName":"tokensGenerated","timestamp":"0001-01-01T00:00:00+23:59","promptTokens":1e999}\n',
    b"0001-01-01 00:00:00.000 [0] [info]: Auto-compaction triggered\n[0001-01-01T00:00:00] Error: x\n",
]


@pytest.mark.parametrize("form", FORMATS, ids=BY_KEY.keys())
@given(st.lists(st.sampled_from(WORDS) | st.binary(max_size=40), max_size=40))
def test_no_bytes_stop_a_reader_and_every_event_can_be_stored(form: Format, pieces: list[bytes]) -> None:
    for event in read(form, *pieces):
        stored = as_event(event)
        assert len(stored.message) <= 200
        assert len(json.dumps(dict(stored.data))) < 2_000


@pytest.mark.parametrize("form", FORMATS, ids=BY_KEY.keys())
def test_memory_is_bounded_whatever_is_written(form: Format) -> None:
    stamp = b"\n[2026-07-12T08:15:01] 2026-11-22 06:01:12.005 [2492e19b] [error]: "
    flood = b"x" * 65_000
    reader = Reader(form, utc)
    tracemalloc.start()
    for _ in range(40):
        reader.feed(stamp + flood)
        reader.feed(b"\n" + flood)
        reader.feed(flood)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


FILES = {
    "logs/core.log": "core_log",
    "logs/cn.log": "cn_log",
    "logs/cn1.log": "cn_log",
    "dev_data/0.2.0/tokensGenerated.jsonl": "dev_data",
    "logs/core.log.1": None,
    "logs/prompt.log": None,
    "dev_data/0.2.0/chatInteraction.jsonl": None,
    "dev_data/0.1.0/tokensGenerated.jsonl": None,
}


@pytest.mark.parametrize(("path", "key"), FILES.items())
def test_which_files_are_followed(path: str, key: str | None) -> None:
    *folder, name = Path(path).parts
    assert [form.key for form in FORMATS if form.folder == tuple(folder) and form.files.fullmatch(name)] == (
        [key] if key else []
    )
