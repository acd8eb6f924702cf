"""`import-legacy` as a person uses it."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from addons.cli import import_legacy
from addons.cli.__main__ import main
from tests.db.legacy_files import SECRET, add, make, masked_text

HASH = "1bad5eed0123456789abcdef01234567"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return make(tmp_path / "elsewhere" / "sessions.db")


def test_a_dry_run_tells_what_would_be_and_makes_nothing(
    old: Path, own_places: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import-legacy", str(old), "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert "sessions: 4 rows, 4 new as sessions\n  1: model not known\n" in out
    assert "metrics: 40 rows, 40 new as requests\n" in out
    assert "masked_content: 3 rows, 3 new as originals\n  1: held a key, which is left out\n" in out
    assert "compaction_history: 2 rows, 2 new as events\n" in out
    assert "API keys of 3 providers are in the old file; they were not read, nor copied\n" in out
    assert out.endswith("Nothing has been changed: without --dry-run, 61 rows would be imported.\n")
    assert (err, SECRET in out) == ("", False)
    assert not (own_places / "sessions.db").exists()


def test_what_is_imported_can_be_listed_shown_and_exported(
    old: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def printed(*argv: str) -> str:
        assert main(list(argv)) == 0
        return capfdbinary.readouterr().out.decode()

    printed("import-legacy", str(old))
    assert printed("show", HASH) == masked_text(1)
    assert {row["name"] for row in json.loads(printed("sessions", "--json"))} == {f"Session {n}" for n in range(1, 5)}
    rows = [json.loads(line) for line in printed("export", "--format", "jsonl").splitlines()]
    assert len(rows) == 40 and {row["source"] for row in rows} == {"legacy"}
    assert any(row["context_fill"] > 1 for row in rows if row["context_fill"])


def test_it_ends_with_what_to_do_about_the_old_file(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-legacy", str(old)]) == 0
    told = (
        f"{old} has been left as it is. It still holds the API keys of 3 providers: delete it once you are satisfied."
    )
    assert capsys.readouterr().out.endswith(told + "\n")


def test_again_it_says_what_was_imported_before(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import-legacy", str(old)])
    add(old, "metrics", {"session_id": 1, "estimated_tokens": 5, "percentage": 0.1})
    capsys.readouterr()
    assert main(["import-legacy", str(old)]) == 0
    assert "metrics: 41 rows, 1 new as requests, 40 imported before\n" in capsys.readouterr().out


def test_the_store_s_own_place_may_be_named(own_places: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = make(own_places / "sessions.db")
    before = path.read_bytes()
    assert main(["import-legacy", str(path), "--dry-run"]) == 0
    assert "the old file would be kept beside the store under another name." in capsys.readouterr().out
    assert path.read_bytes() == before
    assert main(["import-legacy", str(path)]) == 0
    (kept,) = own_places.glob("sessions.db.legacy-*")
    assert kept.read_bytes()[:16] == before[:16]
    assert f"The old file is kept as {kept}; it still holds the API keys of 3 providers" in capsys.readouterr().out


def test_a_file_without_keys_need_not_be_deleted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = make(tmp_path / "old.db", "no providers")
    assert main(["import-legacy", str(old)]) == 0
    assert capsys.readouterr().out.endswith(f"{old} has been left as it is.\n")


def test_what_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-legacy", str(tmp_path / "none.db")]) == 1
    assert capsys.readouterr().err.startswith(f"./just import-legacy: {tmp_path / 'none.db'}: there is no such file")


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_the_bar_is_for_terminals_alone(terminal: bool) -> None:
    out = io.StringIO()
    with import_legacy.bar(Console(file=out, force_terminal=terminal, width=60)) as progress:
        progress(40, 61)
    assert ("40/61" in out.getvalue()) is terminal
