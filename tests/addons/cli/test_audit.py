"""What a person reads where the audit cannot be made; the audit itself needs the network."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addons.cli import audit
from addons.domain.errors import UserError


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("WARNING: x\nERROR: Could not find a version that satisfies", "the network is needed"),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "the network is needed"),
        ("Traceback\nValueError: something else", "ValueError: something else"),
        ("", "no reason was given"),
    ],
)
def test_the_reason_is_one_line(said: str, reason: str) -> None:
    told = audit.reason("x could not be done", said)
    assert reason in told and "\n" not in told


CLEAN = {"name": "a", "version": "1", "vulns": []}
VULNERABLE = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"], "aliases": []}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (4)"}


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([CLEAN], 0, "0 of 1 packages"),
        ([CLEAN, VULNERABLE], 1, "b 2: PYSEC-1; cured by 3"),
        ([CLEAN, SKIPPED], 1, "c: not looked up"),
    ],
    ids=["clean", "vulnerable", "one left out"],
)
def test_only_what_was_looked_up_is_called_clean(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    packages: list[dict[str, Any]],
    status: int,
    said: str,
    tmp_path: Path,
) -> None:
    answer = SimpleNamespace(returncode=status, stdout=json.dumps({"dependencies": packages, "fixes": []}), stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    assert audit.audited(tmp_path, tmp_path / "requirements.lock") == status
    assert said in capsys.readouterr().out


def test_a_mirror_without_advisories_finds_nothing_clean() -> None:
    with pytest.raises(UserError, match="no package could be looked up"):
        audit.told("requirements.lock", [SKIPPED, SKIPPED])


def test_a_failure_without_findings_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = SimpleNamespace(returncode=1, stdout="", stderr="ConnectionError")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(UserError, match="the network is needed"):
        audit.audited(tmp_path, tmp_path / "requirements.lock")
