"""Regular expressions from a model or a person, which must not hang what runs them.

`re` cannot be interrupted from another thread, and which expressions run away ("(a+)+$") cannot be told by looking at
them. So each is matched in a process of its own that is killed after a while.
"""

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from addons.domain.errors import UserError

TIMEOUT_S = 5.0
"""A common expression needs 50 ms for a megabyte; the rest is for a busy machine."""
PATTERN_LIMIT = 1_000
WORKER = Path(__file__).with_name("pattern_worker.py")


class Match(NamedTuple):
    line: int
    """Its index, from 0."""
    start: int
    end: int


class Found(NamedTuple):
    matches: list[Match]
    """The first of each line that has one, in the order of the lines."""
    note: str
    """What the reader should know of how the pattern was taken, or ""."""


def find(pattern: str, lines: Sequence[str], timeout_s: float = TIMEOUT_S) -> Found:
    """What is no regular expression is looked for literally, and the note says so.

    :raises UserError: if the pattern is empty or too long, or takes too long.
    """
    if not 1 <= len(pattern) <= PATTERN_LIMIT:
        raise UserError(f"The pattern has {len(pattern)} characters; expected 1 to {PATTERN_LIMIT}.")
    wrong = _mistake(pattern)
    if wrong:
        spans = ((index, line.find(pattern)) for index, line in enumerate(lines))
        found = [Match(index, start, start + len(pattern)) for index, start in spans if start >= 0]
        return Found(found, f"the pattern is no regular expression ({wrong}) and was looked for as it is")
    return Found(_matched(pattern, lines, timeout_s), "")


def _mistake(pattern: str) -> str:
    """Why it is no regular expression, or ""."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of syntax that a later Python may read otherwise
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error) or type(error).__name__
    return ""


def _matched(pattern: str, lines: Sequence[str], timeout_s: float) -> list[Match]:
    asked = json.dumps({"pattern": pattern, "lines": list(lines), "timeout_s": timeout_s * 2}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-W", "ignore", str(WORKER)],
            input=asked,
            capture_output=True,
            timeout=timeout_s,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise UserError(f"The pattern {pattern!r} takes longer than {timeout_s:g} s; expected a simpler one.") from None
    except subprocess.CalledProcessError as error:
        raise UserError(f"The pattern {pattern!r} could not be matched: {error.stderr[-300:].decode()!r}.") from error
    return [Match(*found) for found in json.loads(done.stdout)]
