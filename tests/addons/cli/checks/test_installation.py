"""Python, packages, tokenizer."""

from importlib import metadata
from pathlib import Path

import pytest

from addons.cli.checks import installation
from addons.cli.checks.finding import Level
from tests.addons.cli.checks.conftest import MakeSurroundings

PYTEST = metadata.version("pytest")


def test_this_environment_is_what_the_lock_says(surroundings: MakeSurroundings) -> None:
    around = surroundings()
    checks = (installation.python, installation.requirements, installation.tokenizer)
    assert [finding.level for check in checks for finding in check(around)] == [Level.FINE] * 3


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        (f"pytest=={PYTEST} \\\n    --hash=sha256:00\n", []),
        ("pytest==0.1 \\\n", [f"pytest is {PYTEST}, expected 0.1"]),
        (f"pytest==0.1 ; python_version < '3.12' \\\npytest=={PYTEST} ; python_version >= '3.12' \\\n", []),
        ("not-there-at-all==1.0 \\\n", ["not-there-at-all is missing"]),
        ("not-there-at-all==1.0 ; sys_platform == 'win32' \\\n", []),
        ("# a comment ==1.0\n    --hash=sha256:00\n    # via pytest==3\n", []),
    ],
    ids=[
        "the same",
        "another version",
        "one of two by marker",
        "missing",
        "missing elsewhere",
        "comments",
    ],
)
def test_only_real_differences_are_named(tmp_path: Path, lock: str, expected: list[str]) -> None:
    path = tmp_path / "requirements.lock"
    path.write_text(lock)
    assert installation.differences(path) == expected
