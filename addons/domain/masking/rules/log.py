"""Logs: how many lines of each level, every kind of error and warning, head, tail, and what occurs only once."""

import re
from collections import Counter
from dataclasses import replace

from addons.domain.masking.document import Document
from addons.domain.masking.rules.text import weigh
from addons.domain.masking.salience import STAMP
from addons.domain.masking.selection import Body, Shorten

LEVEL = re.compile(
    r"\b(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|[Dd]ebug|[Ii]nfo|[Ww]arn(?:ing)?|[Ee]rror)\b"
)
SHARE = 0.4
"""Of the lines that must look like log lines; stack traces and wrapped messages are the rest."""
LEAST_LINES = 5
HEAD_LINES, TAIL_LINES = 3, 6


def read(document: Document) -> Shorten | None:
    filled = [line for line in document.lines if line]
    found = sum(1 for line in filled if STAMP.match(line[:60]) or LEVEL.search(line[:60]))
    if len(filled) < LEAST_LINES or found < SHARE * len(filled):
        return None
    shorten = weigh(document, head=HEAD_LINES, tail=TAIL_LINES)
    levels = Counter(match[1].upper() for line in filled if (match := LEVEL.search(line[:120])))
    counts = ", ".join(f"{level} {count}" for level, count in sorted(levels.items()))
    notes = (f"levels: {counts}",) if levels else ()

    def with_levels(budget: int) -> Body:
        body = shorten(budget)
        return replace(body, notes=(*notes, *body.notes))

    return with_levels
