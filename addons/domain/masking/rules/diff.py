"""Diffs: every file with its counts, every hunk's header, and the changed lines as far as the budget goes."""

import re

from addons.domain.masking.document import Document
from addons.domain.masking.salience import scores
from addons.domain.masking.selection import Body, Shorten, choose, show

FILE = re.compile(r"diff --git |diff -\S* |Index: \S|--- \S")
HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
META = re.compile(
    r"(?:index [0-9a-f]+\.\.|--- |\+\+\+ |new file mode|deleted file mode|old mode|new mode|similarity index|={20,})"
)


FOREIGN = 4.0
"""What a line adds that no diff has: a tool's remark, or output of something else in between."""
HUNK_SHARE = 0.4
"""Of the budget, for the headers of hunks, after the titles of files."""


def read(document: Document) -> Shorten | None:
    lines = document.lines
    if "diff" not in document.hint.language and not any(FILE.match(line) for line in lines[:40]):
        return None
    if not any(HUNK.match(line) for line in lines):
        return None
    titles = {index: _title(document, index) for index in range(len(lines)) if _opens(lines, index)}
    meta = {index for index, line in enumerate(lines) if META.match(line)} - titles.keys()
    score = _weigh(lines, meta)
    at_hunks = [float(bool(HUNK.match(line))) for line in lines]
    costs = [document.cost(titles.get(index, line)) for index, line in enumerate(lines)]

    def shorten(budget: int) -> Body:
        kept_hunks = choose(at_hunks, costs, HUNK_SHARE * budget).kept
        picks = choose(score, costs, budget, first=(*titles, *sorted(kept_hunks)))
        shown = {index: text for index, text in titles.items() if index in picks.kept}
        return show(document, picks.kept, replaced=shown, covered=meta)

    return shorten


def _weigh(lines: list[str], meta: set[int]) -> list[float]:
    """Changed lines before the unchanged ones around them; of the heads of files only what is not in the title."""
    score = scores(lines, severity=0.3)
    for index, line in enumerate(lines):
        if index in meta:
            score[index] = 2.0 if line.startswith(("new", "deleted")) else 0.0
        elif line.startswith(("+", "-")):
            score[index] += 2.0 * (score[index] > 0)
        elif line.startswith((" ", "@", "\\")) or not line:
            score[index] *= 0.3
        else:
            score[index] += FOREIGN
    return score


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


def _title(document: Document, index: int) -> str:
    """A file's first line, with how many lines were added and removed."""
    added = removed = 0
    changing = False
    lines = document.lines
    for at in range(index + 1, len(lines)):
        line = lines[at]
        if _opens(lines, at):
            break
        changing = changing or bool(HUNK.match(line))
        added += changing and line.startswith("+")
        removed += changing and line.startswith("-")
    return f"{document.position(index)}|{lines[index]}  (+{added} -{removed})"
