"""Patterns from others: they match, or say why not, and never hang."""

import os
import signal
import subprocess
import sys
import time

import pytest

from addons.domain.errors import UserError
from addons.services import patterns
from addons.services.patterns import Match, find

LINES = ["alpha 1", "beta", "ALPHA 22", "größe \ud800", ""]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"alpha \d", [Match(0, 0, 7)]),
        (r"(?i)alpha", [Match(0, 0, 5), Match(2, 0, 5)]),
        (r"\d+$", [Match(0, 6, 7), Match(2, 6, 8)]),
        (r"^$", [Match(4, 0, 0)]),
        ("ß", [Match(3, 3, 4)]),
        ("gamma", []),
    ],
    ids=["plain", "any case", "end of line", "empty line", "not ASCII", "nothing"],
)
def test_each_line_is_matched_by_itself(pattern: str, expected: list[Match]) -> None:
    assert find(pattern, LINES) == (expected, "")


def test_what_is_no_expression_is_looked_for_as_it_is() -> None:
    found = find("f(", ["f(x)", "g(x)", "if (f(y))"])
    assert found.matches == [Match(0, 0, 2), Match(2, 4, 6)]
    assert found.note.startswith("the pattern is no regular expression (missing ), unterminated subpattern")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*.*.*.*.*)*x$"])
def test_an_expression_that_runs_away_is_ended(pattern: str) -> None:
    began = time.monotonic()
    with pytest.raises(UserError, match=r"takes longer than 0.5 s"):
        find(pattern, ["a" * 5_000 + "!"], timeout_s=0.5)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("pattern", ["", "x" * 1_001], ids=["empty", "too long"])
def test_a_pattern_has_bounds(pattern: str) -> None:
    with pytest.raises(UserError, match="expected 1 to 1000"):
        find(pattern, LINES)


def test_the_worker_ends_itself_where_nobody_does() -> None:
    asked = b'{"pattern": "(a+)+$", "lines": ["' + b"a" * 5_000 + b'!"], "timeout_s": 0.3}'
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(patterns.WORKER)], input=asked, timeout=60, env=dict(os.environ)
    )
    assert done.returncode == -signal.SIGALRM
