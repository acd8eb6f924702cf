"""The list of sessions."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable

import pytest

from addons.cli import sessions
from addons.domain.completion import Completion
from addons.domain.sessions import SessionState
from db.opened import Opened
from db.writing import write

MakeCompletion = Callable[..., Completion]
START_MS = 1_790_000_000_000


@pytest.fixture
def stored(make_completion: MakeCompletion, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three sessions: priced, partly priced, and not priced at all; the last seen is s-2."""
    records: list[object] = []
    for at, prices in enumerate([(0.5, 0.25), (0.5, None), (None, None)]):
        session = f"s-{at}"
        records.append(
            SessionState(id=session, name=f"Name {at}", created_at_ms=START_MS, last_seen_ms=START_MS + at, keys=b"")
        )
        records += [
            make_completion(session_id=session, prompt_tokens=1000, completion_tokens=5, cost_usd=price, turn=at + 1)
            for price in prices
        ]
    opened = Opened(os.environ["KIMI_DATABASE_URL"])
    with opened.engine().begin() as tx:
        write(tx, records, "p-1")
    opened.close()


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    parser = ArgumentParser()
    sessions.add_arguments(parser)
    assert sessions.run(parser.parse_args(options)) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("stored")
def test_the_table_shows_the_latest_first(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split() for line in listed(capsys).splitlines()]
    assert [line[:9] for line in lines[1:]] == [
        ["s-2", "Name", "2", "kimi-code", "kimi-for-coding", "3", "2,010", "?", lines[1][8]],
        ["s-1", "Name", "1", "kimi-code", "kimi-for-coding", "2", "2,010", "≥", "$0.5000"],
        ["s-0", "Name", "0", "kimi-code", "kimi-for-coding", "1", "2,010", "$0.7500", lines[3][8]],
    ]
    assert lines[0] == ["id", "name", "provider", "model", "turns", "tokens", "cost", "last", "seen"]


@pytest.mark.usefixtures("stored")
def test_the_limit_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(listed(capsys, "--limit", "1").splitlines()) == 2


@pytest.mark.usefixtures("stored")
def test_json_has_all_counters(capsys: pytest.CaptureFixture[str]) -> None:
    first, *others = json.loads(listed(capsys, "--json"))
    assert (first["id"], first["prompt_tokens"], first["unpriced"], len(others)) == ("s-2", 2000, 2, 2)


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5"])
def test_a_limit_must_be_a_whole_number(limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        listed(capsys, "--limit", limit)
    assert "is not a whole number ≥ 1" in capsys.readouterr().err


def test_an_empty_store_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Opened(os.environ["KIMI_DATABASE_URL"]).close()
    assert listed(capsys) == "No session has been recorded yet.\n"
    assert listed(capsys, "--json") == "[]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain", "plain"), ("\x1b[31mred\a\n", " [31mred  "), ("x" * 60, "x" * 39 + "…")],
    ids=["plain", "terminal control", "too wide"],
)
def test_names_cannot_steer_the_terminal(text: str, expected: str) -> None:
    assert sessions.printable(text) == expected
