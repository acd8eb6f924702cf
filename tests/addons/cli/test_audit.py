"""What a person reads where the audit cannot be made; the audit itself needs the network."""

import subprocess
from pathlib import Path
from types import SimpleNamespace

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


@pytest.mark.parametrize(
    ("status", "out", "expected"), [(0, "", 0), (1, "name version id\n", 1)], ids=["clean", "found"]
)
def test_what_is_found_makes_it_fail(
    monkeypatch: pytest.MonkeyPatch, status: int, out: str, expected: int, tmp_path: Path
) -> None:
    answer = SimpleNamespace(returncode=status, stdout=out, stderr="said\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    assert audit.audited(tmp_path, tmp_path / "requirements.lock") == expected


def test_a_failure_without_findings_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = SimpleNamespace(returncode=1, stdout="", stderr="ConnectionError")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(UserError, match="the network is needed"):
        audit.audited(tmp_path, tmp_path / "requirements.lock")
