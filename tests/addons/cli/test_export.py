"""Exports, as files that scripts and spreadsheets read."""

import csv
import io
import json
import os
import subprocess
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from addons.cli import export
from addons.domain.completion import Completion
from addons.domain.places import ROOT
from db.clock import now_ms
from db.errors import StoreNotReady
from db.opened import Opened
from db.queries.export import EXPORT_COLUMNS
from db.writing import write

Record = Callable[..., None]
MakeCompletion = Callable[..., Completion]


@pytest.fixture
def record() -> Record:
    """Stores records as a proxy does."""

    def store(*records: object) -> None:
        opened = Opened(os.environ["KIMI_DATABASE_URL"])
        with opened.engine().begin() as tx:
            write(tx, records, "p-1")
        opened.close()

    return store


def exported(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    parser = ArgumentParser()
    export.add_arguments(parser)
    assert export.run(parser.parse_args(options)) == 0
    return capsys.readouterr().out


def test_csv_has_the_header_and_leaves_empty_what_is_not_known(
    record: Record, make_completion: MakeCompletion, capsys: pytest.CaptureFixture[str]
) -> None:
    record(make_completion(prompt_tokens=0, cost_usd=0.25, epoch=True, error_message='one, "two"\nthree'))
    header, row = csv.reader(io.StringIO(exported(capsys)))
    assert tuple(header) == EXPORT_COLUMNS
    found = dict(zip(header, row, strict=True))
    expected = {
        "prompt_tokens": "0",
        "cached_tokens": "",
        "cost_usd": "0.25",
        "epoch": "true",
        "stream": "true",
        "error_message": 'one, "two"\nthree',
        "started_at": "2026-09-21T14:13:20.000Z",
    }
    assert {name: found[name] for name in expected} == expected


def test_json_is_one_array_with_the_same_keys(
    record: Record, make_completion: MakeCompletion, capsys: pytest.CaptureFixture[str]
) -> None:
    record(make_completion(project="é"), make_completion(session_id="s-2"))
    found = json.loads(exported(capsys, "--format", "json"))
    assert [(tuple(row), row["session_id"], row["cost_usd"]) for row in found] == [
        (EXPORT_COLUMNS, "s-1", None),
        (EXPORT_COLUMNS, "s-2", None),
    ]
    assert found[0]["project"] == "é"


def test_jsonl_is_one_object_a_line(
    record: Record, make_completion: MakeCompletion, capsys: pytest.CaptureFixture[str]
) -> None:
    record(make_completion(error_message="a\nb"), make_completion())
    lines = exported(capsys, "--format", "jsonl").splitlines()
    assert [json.loads(line)["error_message"] for line in lines] == ["a\nb", ""]


@pytest.mark.parametrize(
    ("form", "expected"), [("csv", ",".join(EXPORT_COLUMNS) + "\n"), ("json", "[]\n"), ("jsonl", "")]
)
def test_without_rows_a_file_is_still_well_formed(
    record: Record, capsys: pytest.CaptureFixture[str], form: str, expected: str
) -> None:
    record()
    assert exported(capsys, "--format", form) == expected


@pytest.mark.parametrize(
    ("options", "models"),
    [(["--session", "s-2"], ["b"]), (["--since", "2026-09-22"], ["b", "c"]), (["--since", "1h"], ["c"])],
    ids=["session", "date", "time span"],
)
def test_rows_can_be_chosen(
    record: Record,
    make_completion: MakeCompletion,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    models: list[str],
) -> None:
    day_ms = 86_400_000
    record(
        make_completion(model="a"),
        make_completion(model="b", session_id="s-2", started_at_ms=1_790_000_000_000 + day_ms),
        make_completion(model="c", started_at_ms=now_ms()),
    )
    lines = exported(capsys, "--format", "jsonl", *options).splitlines()
    assert [json.loads(line)["model"] for line in lines] == models


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01", 1_793_491_200_000),
        ("2026-11-01T09:30", 1_793_525_400_000),
        ("2026-11-01T09:30:00Z", 1_793_525_400_000),
        ("2026-11-01T10:30:00+01:00", 1_793_525_400_000),
    ],
)
def test_times_are_utc_where_they_name_no_zone(text: str, expected: int) -> None:
    assert export.since_ms(text) == expected


@pytest.mark.parametrize(("text", "span_ms"), [("30m", 1_800_000), ("24h", 86_400_000), ("7d", 604_800_000)])
def test_time_spans_count_from_now(text: str, span_ms: int) -> None:
    before = now_ms()
    found = export.since_ms(text)
    assert before <= found + span_ms <= now_ms()


@pytest.mark.parametrize("text", ["", "soon", "7", "7w", "-1d", "2026-13-01", "9999999d"])
def test_other_times_are_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="expected 2026-11-01"):
        export.since_ms(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=1", "a=1"),
        (-1.5, -1.5),
        (None, ""),
        (False, "false"),
        ("", ""),
    ],
    ids=repr,
)
def test_a_cell_never_runs_in_a_spreadsheet(value: object, expected: object) -> None:
    assert export.cell(value) == expected


@pytest.mark.parametrize("form", export.WRITERS)
def test_rows_are_written_as_they_are_read(form: str) -> None:
    out = io.StringIO()
    lengths: list[int] = []

    def found() -> Iterator[dict[str, Any]]:
        for at in range(3):
            lengths.append(len(out.getvalue()))
            yield dict.fromkeys(EXPORT_COLUMNS, at)

    export.WRITERS[form](found(), out)
    assert len(set(lengths)) == 3


def test_progress_counts_on_the_terminal_and_changes_no_row() -> None:
    terminal = io.StringIO()
    wanted = [{"id": at} for at in range(export.PROGRESS_EVERY + 5)]
    assert list(export.counted(wanted, terminal)) == wanted
    assert terminal.getvalue() == "\r10,000 rows\r10,005 rows\n"


def test_without_a_store_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StoreNotReady, match="start the proxy once"):
        exported(capsys)


def test_a_reader_who_leaves_ends_it_quietly(record: Record, make_completion: MakeCompletion) -> None:
    record(*(make_completion(error_message="x" * 400) for _ in range(2_000)))
    command = [sys.executable, "-m", "addons.cli", "export"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
