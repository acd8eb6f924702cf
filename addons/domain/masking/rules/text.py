"""Any text: its head and tail, and the lines between that tell most."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from addons.domain.masking.document import Document
from addons.domain.masking.salience import Salience
from addons.domain.masking.selection import Body, Shorten, choose, fold, show, with_context

HEADING = re.compile(r"#{1,6} \S|={3,}|\S.{0,80}:$")
HEAD_LINES, TAIL_LINES = 4, 6
EDGE_SHARE = 0.3
"""Of the budget, for head and tail together."""
REPEATED_SCORE = 0.8
"""What a line that stands for others is worth at least."""


def read(document: Document) -> Shorten | None:
    return weigh(document, head=HEAD_LINES, tail=TAIL_LINES) if document.text.strip() else None


def weigh(document: Document, *, head: int, tail: int) -> Shorten:
    """Head, tail, errors and warnings with a line of context, then the rest by what it tells; repetitions counted."""
    lines = document.lines
    salience = Salience(lines)
    groups = fold(salience.fold_keys)
    score = salience.scores()
    alarms = [index for index in groups if salience.severe[index] or salience.warning[index]]
    hits = by_novelty(salience.templates, alarms)
    for index, line in enumerate(lines):
        if index not in groups:
            score[index] = 0.0
        elif HEADING.match(line):
            score[index] += 1.0
        elif groups[index]:
            score[index] = max(score[index], REPEATED_SCORE)
    score = with_context(score, hits, before=1, after=1, share=0.3)
    costs = [document.cost(line) for line in lines]

    def shorten(budget: int) -> Body:
        picks = choose(score, costs, budget, first=[*edges(costs, budget * EDGE_SHARE, head, tail), *hits])
        folded = {index: groups.get(index, []) for index in picks.kept}
        return show(document, picks.kept, folded=folded, width=document.width(budget))

    return shorten


def by_novelty(templates: Sequence[str], indices: Iterable[int]) -> list[int]:
    """One line of each template first, then the second of each …: when not all fit, no kind is missing."""
    seen: Counter[str] = Counter()
    order: list[tuple[int, int]] = []
    for index in indices:
        key = templates[index]
        order.append((seen[key], index))
        seen[key] += 1
    return [index for _, index in sorted(order)]


def edges(costs: list[float], budget: float, head: int, tail: int) -> list[int]:
    """The first and the last lines that fit, the outermost first."""
    last = len(costs) - 1
    order = [*range(min(head, len(costs))), *range(last, max(last - tail, head - 1), -1)]
    chosen: list[int] = []
    for index in order:
        if costs[index] > budget:
            continue
        budget -= costs[index]
        chosen.append(index)
    return chosen
