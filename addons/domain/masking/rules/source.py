"""Source code: an outline of its definitions with their lines, constants, and the lines that carry rare values.

Constants, first lines of doc strings, comments that warn or promise something, and literals at module level stay,
because facts live there; bodies go, because the file can be read again.
"""

import re

from addons.domain.masking import outline
from addons.domain.masking.document import Document
from addons.domain.masking.outline import Mark
from addons.domain.masking.salience import Salience
from addons.domain.masking.selection import Body, Shorten, choose, fold, show

COMMENT = re.compile(r'\s*(?:#|//|/?\*|--|;|<!--|"""|\'\'\')')
CODE_LINE = re.compile(
    r"\s*(?:(?:export |default |async |public |private |protected |static |final |abstract |pub(?:\([a-z]+\))? )*"
    r"(?:def|class|function|func|fn|interface|struct|enum|trait|impl|import|from|package|use|return|const|let|var|if|for|while|else|elif|try|except|catch|switch|case|raise|throw)\b"
    r"|[}\])]+[;,]?$|.*[{;]$|@\w+|.*\):$|#include)"
)
STATEMENT = re.compile(
    r"\s*(?:[\w.\[\]\"']{1,80}(?:: [\w\[\], .|]{1,60})? [-+*/|&]?= \S|[\w.]{1,80}\(.*\)[;,]?$"
    r"|return\b|.*[,(]$)"
)
"""An assignment, a call, a piece of a longer expression."""
SNIFF_SHARE = 0.6
"""Of the filled lines that must look like code where no hint says what the text is."""
NUMBERED_SNIFF_SHARE = 0.2
"""The same for a numbered view: what tools print with line numbers is nearly always a file."""
LITERAL = re.compile(r"[=:]\s*(?:[\w.]{1,40}\(\s*){0,2}(?:[rbfu]{0,2}[\"'`]|-?\d|[\[{(]\s*[\"'\d-])")
"""An assignment of a text or a number."""
NAMED = re.compile(r"\s*(?:[\w.]+ ){0,4}[A-Z][A-Z0-9_]{2,60}(?:\s*:[^=\n]{1,40})?\s*:?=\s*[-\"'`\d]")
"""A constant by its spelling, wherever it stands."""
HEAD_CHARS = (160, 90, 50)
"""Characters shown of a signature: the first length at which all signatures find room, else the last."""
OUTLINE_SHARE = 0.65
"""Of the budget, for definitions and imports; the rest is for what stands in between."""
FOREIGN = 6.0
"""What a line without a number adds in a numbered view: a tool's remark, or output of something else in between."""
WEIGHT = {Mark.DEFINITION: 5.0, Mark.CONSTANT: 0.8, Mark.IMPORT: 1.5, Mark.DOC: 1.5}
"""What a line's place in the outline adds to its score."""


def read(document: Document) -> Shorten | None:
    if not _applies(document):
        return None
    score, entries = _weigh(document)
    outlined = [worth if index in entries else 0.0 for index, worth in enumerate(score)]
    between = [0.1 * worth if index in entries else worth for index, worth in enumerate(score)]

    def shorten(budget: int) -> Body:
        for limit in HEAD_CHARS:
            heads = {index: _head(document, entry, limit) for index, entry in entries.items()}
            if sum(map(document.cost, heads.values())) <= OUTLINE_SHARE * budget:
                break
        costs = [document.cost(heads.get(index, line)) for index, line in enumerate(document.lines)]
        first = choose(outlined, costs, OUTLINE_SHARE * budget).kept
        kept = choose(between, costs, budget, first=sorted(first)).kept
        return show(document, kept, replaced={index: text for index, text in heads.items() if index in kept})

    return shorten


def _applies(document: Document) -> bool:
    if document.suffix or document.hint.language:
        return outline.language_of(document) is not None
    filled = [line[:300] for line in document.lines if line]
    others = [line for line in filled if not CODE_LINE.match(line)]
    keyed = len(filled) - len(others)
    if len(filled) < 10 or keyed < 0.15 * len(filled):
        return False
    share = NUMBERED_SNIFF_SHARE if document.numbered else SNIFF_SHARE
    return keyed + sum(1 for line in others if STATEMENT.match(line)) >= share * len(filled)


def _weigh(document: Document) -> tuple[list[float], dict[int, outline.Entry]]:
    """The scores of the lines, and the definitions and imports, whose first lines are shown otherwise."""
    lines = document.lines
    salience = Salience(lines)
    score = salience.scores(severity=0.1)
    groups = fold(salience.templates)
    for index, line in enumerate(lines):
        score[index] *= 1.0 if index in groups else 0.3
        score[index] *= 1.2 if COMMENT.match(line) else 1.0
        score[index] += 3.0 * bool(NAMED.match(line[:200]))
        if document.numbered and document.numbers[index] is None:
            score[index] += FOREIGN * bool(line)
    entries: dict[int, outline.Entry] = {}
    for entry in outline.entries(document):
        literal = entry.mark is Mark.CONSTANT and LITERAL.search(lines[entry.first][:300])
        score[entry.first] += (WEIGHT[entry.mark] + 3.2 * bool(literal)) * (1.0 if entry.depth == 0 else 0.8)
        if entry.mark in (Mark.DEFINITION, Mark.IMPORT):
            entries[entry.first] = entry
            for covered in range(entry.first + 1, entry.head_last + 1):
                score[covered] = 0.0
    return score, entries


def _head(document: Document, entry: outline.Entry, limit: int) -> str:
    """`first-last|signature` on one line."""
    first, last = document.numbers[entry.first], document.numbers[entry.last]
    lines = document.lines[entry.first : entry.head_last + 1]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    text = _signature(lines)
    numbers = "" if first is None else f"{first}|" if last in (None, first) else f"{first}-{last}|"
    return f"{numbers}{indent}{text[:limit]}{'…' if len(text) > limit else ''}"


def _signature(lines: list[str]) -> str:
    """The lines joined, up to the one that opens the body; comments in between are no part of it."""
    parts: list[str] = []
    for line in lines[:40]:
        part = line.strip()
        if part and not part.startswith(("# ", "//")):
            parts.append(part)
            if part.endswith((":", "{", ";")):
                break
    return " ".join(parts) or lines[0].strip()
