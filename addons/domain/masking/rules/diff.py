"""Diffs: every file with its counts, every hunk's header, and the changed lines as far as the budget goes."""

import re

from addons.domain.masking.document import Document
from addons.domain.masking.salience import scores
from addons.domain.masking.selection import Body, choose, show

FILE = re.compile(r"diff --git |diff -\S* |Index: \S|--- \S")
HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
META = re.compile(r"(?:index [0-9a-f]+\.\.|--- |\+\+\+ |new file mode|deleted file mode|old mode|new mode|similarity index|={20,})")


def applies(document: Document) -> bool:
    hunks = sum(1 for line in document.lines if HUNK.match(line))
    started = any(FILE.match(line) for line in document.lines[:40])
    return hunks >= 1 and (started or "diff" in document.hint.language)


def render(document: Document, budget: int) -> Body:
    lines = document.lines
    score = scores(lines, severity=0.3)
    heads = [index for index, line in enumerate(lines) if _opens(lines, index) or HUNK.match(line)]
    for index, line in enumerate(lines):
        if META.match(line) and index not in heads:
            score[index] = 0.0 if not line.startswith(("new", "deleted")) else 2.0
        elif line.startswith(("+", "-")):
            score[index] += 2.0 * (score[index] > 0)
        else:
            score[index] *= 0.2
    replaced = {index: _head(document, index) for index in heads if not HUNK.match(lines[index])}
    costs = [document.cost(replaced.get(index, line)) for index, line in enumerate(lines)]
    order = sorted(heads, key=lambda index: (index not in replaced, index))
    picks = choose(score, costs, budget, first=order)
    covered = [index for index, line in enumerate(lines) if META.match(line)]
    shown = {index: text for index, text in replaced.items() if index in picks.kept}
    return show(document, picks.kept, replaced=shown, covered=covered)


def _opens(lines: list[str], index: int) -> bool:
    """Whether a file's part begins here."""
    line = lines[index]
    if not line.startswith("--- "):
        return bool(FILE.match(line))
    if index + 1 == len(lines) or not lines[index + 1].startswith("+++ "):
        return False
    at = index - 1
    while at >= max(0, index - 8) and META.match(lines[at]) and not lines[at].startswith("+++ "):
        at -= 1
    return at < 0 or not lines[at].startswith(("diff ", "Index: "))


def _head(document: Document, index: int) -> str:
    """A file's first line, with how many lines were added and removed."""
    added = removed = 0
    lines = document.lines
    for at in range(index + 1, len(lines)):
        line = lines[at]
        if _opens(lines, at):
            break
        added += line.startswith("+") and not line.startswith("+++ ")
        removed += line.startswith("-") and not line.startswith("--- ")
    return f"{document.numbers[index]}|{lines[index]}  (+{added} -{removed})"
