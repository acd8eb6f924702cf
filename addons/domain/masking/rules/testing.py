"""Test runs: the summary, every failure with its assertion and location, passes counted."""

import re

from addons.domain.masking.document import Document
from addons.domain.masking.rules.log import LEVEL
from addons.domain.masking.rules.text import by_novelty, edges
from addons.domain.masking.salience import STAMP, Salience
from addons.domain.masking.selection import Body, Shorten, choose, fold, show, with_context

SUMMARY = re.compile(
    r"=+ .*\b\d+ (?:passed|failed|errors?|skipped|tests? collected|deselected)\b.*=+$"  # pytest
    r"|\d+ (?:passed|failed)\b.* in [\d.]+m?s"  # pytest -q
    r"|Ran \d+ tests? in |(?:FAILED|OK)(?: \(.*\))?$"  # unittest
    r"|(?:Tests|Test Suites|Snapshots|Test Files):?\s+.*\d+ (?:passed|failed|total)"  # jest, vitest
    r"|\s*\d+ (?:passing|failing|pending)\b"  # mocha
    r"|test result: "  # cargo
    r"|(?:ok|FAIL|---)\s+\S+\s+(?:[\d.]+s|\(cached\)|\[.*\])$"  # go
    r"|\[?\w*\]? ?Tests run: \d+"  # maven, junit
    r"|\d+ tests?, \d+ (?:assertions?|failures?)"  # minitest
    r"|\d+ examples?, \d+ failures?|# (?:pass|fail|tests) \d+"  # rspec, tap
)
"""A line that says how a run ended."""
MARKER = re.compile(
    r"=+ test session starts =+|RUN\s+v\d|running \d+ tests?$|=== RUN |TAP version \d+|\[INFO\]  T E S T S"
)
"""A line that a run begins with."""
FAILURE = re.compile(
    r"E   |E$|(?:FAILED|ERROR|FAIL|not ok)\b|_{3,} .* _{3,}$|--- FAIL|\s*● |\s*[✕✗×] "
    r"|\s{0,12}(?:Expected|Received|left|right|actual|want|got)\b.{0,3}:"
    r"|thread '.*' panicked|\S+\.\w{1,5}:\d+: (?:\w+(?:Error|Exception|Exit|Failure|Warning)|Failed|in )"
    r"|\s+\S+_test\.go:\d+: "
    r"|\s+at .*[(/ ][^ ]*:\d+:\d+\)?$|(?:FAIL|ERROR): |Error: |AssertionError"
)
"""A line that belongs to a failure: its name, its assertion, its location, its short summary."""
LOCATION = re.compile(r"\s*\S+\.\w{1,5}:\d+: *$|>  ")
"""Where a traceback passes, and the source line it is at."""
HEADING = re.compile(r"_{3,} (?:ERROR at \w+ of )?(.*?) _{3,}$")
"""pytest's title of a failure."""
SHORT = re.compile(r"(?:FAILED|ERROR) [^:]+::(\S+)")
"""pytest's line for a failure in its short summary."""
NOT_PASSED = re.compile(r"\b(?:FAILED|ERROR|FAIL)\b")
PASSED = re.compile(
    r".*\b(?:PASSED|SKIPPED|XFAIL|XPASS)\b(?:\s+\[ *\d+%\])?(?:\s*\(.*\))?\s*$"
    r"|test .* \.\.\. (?:ok|ignored)$|.* \.\.\. ok$"
    r"|\s*(?:✓|✔|√) |--- PASS|=== RUN |ok \d+\b|PASS\b|.*\s[.sx]+\s+\[ *\d+%\]$"
)
"""A line that says no more than that something passed or was skipped."""


EDGE_SHARE, FAILURE_SHARE = 0.1, 0.85
"""Of the budget: head and tail; these, the summary and the failures. The rest is for what was printed in between."""


def read(document: Document) -> Shorten | None:
    if not _applies(document):
        return None
    lines = document.lines
    salience = Salience(lines)
    groups = fold(salience.fold_keys)
    headings = {index: match[1] for index, line in enumerate(lines) if (match := HEADING.match(line[:400]))}
    passed = {
        index for index, line in enumerate(lines) if PASSED.match(line[:400]) and not NOT_PASSED.search(line[:400])
    }
    names = frozenset(headings.values())
    told = {index for index, line in enumerate(lines) if _told(line, names)}
    score, failures = _weigh(lines, salience, names)
    for index in range(len(lines)):
        score[index] *= 0.0 if index not in groups else 0.5 if index in passed else 1.0
    failures = by_novelty(salience.templates, [index for index in failures if index in groups])
    score = with_context(score, failures, before=1, after=0, share=0.1)
    costs = [document.cost(line) for line in lines]
    summary = [index for index, line in enumerate(lines) if SUMMARY.match(line[:400])][-8:]

    nothing = [0.0] * len(lines)

    def shorten(budget: int) -> Body:
        told_first = [*summary, *edges(costs, EDGE_SHARE * budget, 2, 2), *failures]
        first = choose(nothing, costs, FAILURE_SHARE * budget, first=told_first).kept
        picks = choose(score, costs, budget, first=sorted(first))
        silent = passed - picks.kept
        covered = silent | told
        titles = {
            index: f"{document.position(index)}|___ {name}" for index, name in headings.items() if index in picks.kept
        }
        folded = {index: groups.get(index, []) for index in picks.kept}
        notes = (f"{len(silent)} lines of passed or skipped tests",) if silent else ()
        return show(document, picks.kept, folded=folded, replaced=titles, covered=covered, notes=notes)

    return shorten


def _applies(document: Document) -> bool:
    """Whether a run begins or ends here, with several results."""
    if document.hint.path and not document.hint.path.endswith((".log", ".txt", ".out")):
        return False
    lines = document.lines
    ends = any(SUMMARY.match(line[:400]) for line in lines[-80:])
    starts = any(MARKER.match(line[:200]) for line in lines[:40])
    results = sum(1 for line in lines[:400] if PASSED.match(line[:400]) or FAILURE.match(line[:400]))
    return len(lines) >= 5 and (starts or (ends and results >= 2))


def _weigh(lines: list[str], salience: Salience, names: frozenset[str]) -> tuple[list[float], list[int]]:
    """The scores of the lines, and which belong to failures; `names` are those that have their own section."""
    score = salience.scores(severity=0.3)
    failures: list[int] = []
    for index, line in enumerate(lines):
        if _rule_off(line) or _told(line, names):
            score[index] = 0.0
        elif FAILURE.match(line[:400]):
            failures.append(index)
            score[index] += 5.0
        elif STAMP.match(line[:60]) or LEVEL.match(line[:60]):
            score[index] += 2.0  # captured output: somebody wrote it to be read
        elif LOCATION.match(line[:400]):
            score[index] = 0.6 * score[index] + 1.0
        elif line.startswith("    "):
            score[index] *= 0.5  # the source around a failure: the file itself can be read
    return score, failures


def _told(line: str, names: frozenset[str]) -> bool:
    """Whether a line of the short summary names a failure that has its own section above."""
    match = SHORT.match(line[:400])
    return match is not None and match[1].replace("::", ".") in names


def _rule_off(line: str) -> bool:
    """A line that only separates others."""
    return bool(line) and not any(character.isalnum() for character in line[:200])
