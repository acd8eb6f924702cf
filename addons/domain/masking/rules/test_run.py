"""Test runs: the summary, every failure with its assertion and location, passes counted."""

import re

from addons.domain.masking.document import Document
from addons.domain.masking.rules.log import LEVEL
from addons.domain.masking.rules.text import by_novelty, edges
from addons.domain.masking.salience import STAMP, fold_keys, scores, severe
from addons.domain.masking.selection import Body, choose, fold, show, with_context

SUMMARY = re.compile(
    r"=+ .*\b\d+ (?:passed|failed|errors?|skipped|tests? collected|deselected)\b.*=+$"  # pytest
    r"|\d+ (?:passed|failed)\b.* in [\d.]+m?s"  # pytest -q
    r"|Ran \d+ tests? in |(?:FAILED|OK)(?: \(.*\))?$"  # unittest
    r"|(?:Tests|Test Suites|Snapshots|Test Files):?\s+.*\d+ (?:passed|failed|total)"  # jest, vitest
    r"|\s*\d+ (?:passing|failing|pending)\b"  # mocha
    r"|test result: "  # cargo
    r"|(?:ok|FAIL|---)\s+\S+\s+(?:[\d.]+s|\(cached\)|\[.*\])$"  # go
    r"|\[?\w*\]? ?Tests run: \d+"  # maven, junit
    r"|\d+ tests?, \d+ (?:assertions?|failures?)|\d+ examples?, \d+ failures?|# (?:pass|fail|tests) \d+"  # minitest, rspec, tap
)
"""A line that says how a run ended."""
MARKER = re.compile(r"=+ test session starts =+|RUN\s+v\d|running \d+ tests?$|=== RUN |TAP version \d+|\[INFO\]  T E S T S")
"""A line that a run begins with."""
FAILURE = re.compile(
    r"E   |E$|(?:FAILED|ERROR|FAIL|not ok)\b|_{3,} .* _{3,}$|--- FAIL|\s*● |\s*✕ |\s*✗ |\s*× |\s{0,12}(?:Expected|Received|left|right|actual|want|got)\b.{0,3}:"
    r"|thread '.*' panicked|\S+\.\w{1,5}:\d+: (?:\w+(?:Error|Exception|Exit|Failure|Warning)|Failed|in )|\s+\S+_test\.go:\d+: "
    r"|\s+at .*[(/ ][^ ]*:\d+:\d+\)?$|(?:FAIL|ERROR): |Error: |AssertionError"
)
"""A line that belongs to a failure: its name, its assertion, its location, its short summary."""
LOCATION = re.compile(r"\s*\S+\.\w{1,5}:\d+: *$|>  ")
"""Where a traceback passes, and the source line it is at."""
HEADING = re.compile(r"_{3,} (?:ERROR at \w+ of )?(.*?) _{3,}$")
"""pytest's title of a failure."""
SHORT = re.compile(r"(?:FAILED|ERROR) [^:]+::(\S+)")
"""pytest's line for a failure in its short summary."""
PASSED = re.compile(
    r".*\b(?:PASSED|SKIPPED|XFAIL|XPASS)\b(?:\s+\[ *\d+%\])?(?:\s*\(.*\))?\s*$|test .* \.\.\. (?:ok|ignored)$|.* \.\.\. ok$"
    r"|\s*(?:✓|✔|√) |--- PASS|=== RUN |ok \d+\b|PASS\b|.*\s[.sx]+\s+\[ *\d+%\]$"
)
"""A line that says no more than that something passed or was skipped."""


def applies(document: Document) -> bool:
    if document.hint.path and not document.hint.path.endswith((".log", ".txt", ".out")):
        return False
    lines = document.lines
    ends = any(SUMMARY.match(line[:400]) for line in lines[-80:])
    starts = any(MARKER.match(line[:200]) for line in lines[:40])
    passed = sum(1 for line in lines[:400] if PASSED.match(line[:400]))
    failed = sum(1 for line in lines[:400] if FAILURE.match(line[:400]))
    return (ends or starts) and len(lines) >= 5 and (starts or passed + failed >= 2)


def render(document: Document, budget: int) -> Body:
    lines = document.lines
    passed = [index for index, line in enumerate(lines) if PASSED.match(line[:400]) and not severe_result(line)]
    groups = fold(fold_keys(lines))
    score = scores(lines, severity=0.3)
    failures: list[int] = []
    headings = {index: match[1] for index, line in enumerate(lines) if (match := HEADING.match(line[:400]))}
    names = frozenset(headings.values())
    for index, line in enumerate(lines):
        if index not in groups or _rule_off(line):
            score[index] = 0.0
        elif SHORT.match(line[:400]) and _told(line, names):
            score[index] += 0.5
        elif FAILURE.match(line[:400]):
            failures.append(index)
            score[index] += 5.0
        elif STAMP.match(line[:60]) or LEVEL.match(line[:60]):
            score[index] += 2.0
        elif LOCATION.match(line[:400]):
            score[index] = 0.6 * score[index] + 1.0
        elif line.startswith("    "):
            score[index] *= 0.5  # the source around a failure: the file itself can be read
    for index in passed:
        score[index] *= 0.5
    score = with_context(score, failures, before=1, after=0, share=0.1)
    costs = [document.cost(line) for line in lines]
    summary = [index for index, line in enumerate(lines) if SUMMARY.match(line[:400])][-8:]
    first = [*summary, *edges(costs, 0.1 * budget, 2, 2), *by_novelty(lines, failures)]
    picks = choose(score, costs, budget, first=first)
    folded = {index: again for index, again in groups.items() if index in picks.kept and again}
    silent = [index for index in passed if index not in picks.kept]
    notes = (f"{len(silent)} lines of passed or skipped tests",) if silent else ()
    titles = {index: f"{document.numbers[index]}|___ {name}" for index, name in headings.items() if index in picks.kept}
    return show(document, picks.kept, folded=folded, replaced=titles, covered=silent, notes=notes)


def _told(line: str, names: frozenset[str]) -> bool:
    """Whether a line of the short summary names a failure that has its own section above."""
    match = SHORT.match(line[:400])
    return match is not None and match[1].replace("::", ".") in names


def severe_result(line: str) -> bool:
    """A result line that says more than "passed"."""
    return bool(re.search(r"\b(?:FAILED|ERROR|FAIL)\b", line[:400])) or (severe(line) and not PASSED.match(line[:400]))


def _rule_off(line: str) -> bool:
    """A line that only separates others."""
    return bool(line) and not any(character.isalnum() for character in line[:200])
