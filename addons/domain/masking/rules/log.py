"""Logs: how many lines of each level, every kind of error and warning, head, tail, and what occurs only once."""

import re
from collections import Counter

from addons.domain.masking.document import Document
from addons.domain.masking.rules.text import digest_lines
from addons.domain.masking.salience import STAMP
from addons.domain.masking.selection import Body

LEVEL = re.compile(r"\b(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|[Dd]ebug|[Ii]nfo|[Ww]arn(?:ing)?|[Ee]rror)\b")
SHARE = 0.4
"""Of the lines that must look like log lines; stack traces and wrapped messages are the rest."""
HEAD_LINES, TAIL_LINES = 3, 6


def applies(document: Document) -> bool:
    filled = [line for line in document.lines if line]
    found = sum(1 for line in filled if STAMP.match(line[:60]) or LEVEL.search(line[:60]))
    return len(filled) >= 5 and found >= SHARE * len(filled)


def render(document: Document, budget: int) -> Body:
    body = digest_lines(document, budget, head=HEAD_LINES, tail=TAIL_LINES)
    levels = Counter(match[1].upper() for line in document.lines if (match := LEVEL.search(line[:120])))
    counts = ", ".join(f"{level} {count}" for level, count in sorted(levels.items()))
    notes = (f"levels: {counts}",) if levels else ()
    return Body(body.text, body.omitted, notes, body.how)
