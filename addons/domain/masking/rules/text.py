"""Any text: its head and tail, and the lines between that tell most."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from addons.domain.masking.document import Document
from addons.domain.masking.salience import fold_keys, scores, severe, template, warning
from addons.domain.masking.selection import Body, choose, fold, show, with_context

HEADING = re.compile(r"#{1,6} \S|={3,}|\S.{0,80}:$")
HEAD_LINES, TAIL_LINES = 4, 6
EDGE_SHARE = 0.3
"""Of the budget, for head and tail together."""


def applies(document: Document) -> bool:
    return bool(document.text.strip())


def render(document: Document, budget: int) -> Body:
    return digest_lines(document, budget, head=HEAD_LINES, tail=TAIL_LINES)


def digest_lines(document: Document, budget: int, *, head: int, tail: int) -> Body:
    """Head, tail, errors and warnings with a line of context, then the rest by what it tells; repetitions folded with counts."""
    lines = document.lines
    groups = fold(fold_keys(lines))
    score = scores(lines)
    hits = by_novelty(lines, [index for index in groups if severe(lines[index]) or warning(lines[index])])
    for index, line in enumerate(lines):
        if index not in groups:
            score[index] = 0.0
        elif HEADING.match(line):
            score[index] += 1.0
        elif groups[index]:
            score[index] = max(score[index], 0.8)
    score = with_context(score, hits, before=1, after=1, share=0.3)
    costs = [document.cost(line) for line in lines]
    picks = choose(score, costs, budget, first=[*edges(costs, budget * EDGE_SHARE, head, tail), *hits])
    folded = {index: again for index, again in groups.items() if index in picks.kept and again}
    return show(document, picks.kept, folded=folded)


def by_novelty(lines: Sequence[str], indices: Iterable[int]) -> list[int]:
    """One line of each template first, then the second of each, and so on: when not all fit, none of a kind is missing."""
    seen: Counter[str] = Counter()
    order: list[tuple[int, int]] = []
    for index in indices:
        key = template(lines[index])
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
