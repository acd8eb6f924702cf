"""Exports, as files that scripts and spreadsheets read."""

import csv
import io
import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable

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
    [
        (["--session", "s-2"], ["b"]),
        (["--since", "2026-09-22"], ["b", "c"]),
        (["--since", "1h"], ["c"]),
        (["--until", "2026-09-22"], ["a"]),
        (["--project", "shop", "--model", "a"], ["a"]),
        (["--project", ""], ["b", "c"]),
    ],
    ids=["session", "date", "time span", "until", "project and model", "no project"],
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
        make_completion(model="a", project="shop"),
        make_completion(model="b", session_id="s-2", started_at_ms=1_790_000_000_000 + day_ms),
        make_completion(model="c", started_at_ms=now_ms()),
    )
    lines = exported(capsys, "--format", "jsonl", *options).splitlines()
    assert [json.loads(line)["model"] for line in lines] == models


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--since", "soon"], 'since is "soon"; expected a time such as 2026-11-01'),
        (["--kind", "talk"], 'kind is "talk"; expected chat, autocomplete'),
        (["--outcome", "bad"], 'outcome is "bad"; expected ok, error'),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_filter_that_cannot_be_used_is_refused_with_what_is_accepted(
    capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    parser = ArgumentParser()
    export.add_arguments(parser)
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(options)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


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


def test_a_report_is_one_html_file(
    record: Record, make_completion: MakeCompletion, capfd: pytest.CaptureFixture[str]
) -> None:
    record(make_completion())
    arguments = ArgumentParser()
    export.add_arguments(arguments)
    assert export.run(arguments.parse_args(["--report", "s-1", "--lang", "fr"])) == 0
    found = capfd.readouterr()
    assert found.out.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert found.err == ""
    assert export.run(arguments.parse_args(["--report", "s-2"])) == 1
    assert "--report is 's-2'; expected the id of a session" in capfd.readouterr().err
