"""Which lines of a text a digest keeps within its budget, and how they are shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from addons.domain.masking.document import LINE_LIMIT, Document, Range, clip, ranges


@dataclass(frozen=True, slots=True)
class Body:
    """What a rule makes of a text."""

    text: str
    omitted: tuple[Range, ...] = ()
    """The lines that are not shown, by the numbers that the digest shows."""
    notes: tuple[str, ...] = ()
    """What was folded or left out, other than lines: counts, columns, characters."""
    complete: bool = False
    """Nothing is left out, only written shorter."""
    how: str = ""
    """How to read the digest, where that is not plain."""


Shorten = Callable[[int], Body]
"""A text that a rule has read and weighed: budget in tokens -> its digest of about that length."""


@dataclass(slots=True)
class Picks:
    """The chosen lines, and what else is shown with them."""

    kept: set[int] = field(default_factory=set)
    spent: float = 0.0


def choose(
    scores: Sequence[float],
    costs: Sequence[float],
    budget: float,
    *,
    first: Collection[int] = (),
) -> Picks:
    """The lines that tell most for what they cost; those of `first` before all others, in their order.

    Deterministic: equal worth is decided by position. Lines of score 0 are never chosen.
    """
    picks = Picks()
    worth = sorted(
        (index for index, score in enumerate(scores) if score > 0),
        key=lambda index: (-scores[index] / max(costs[index], 6.0) ** 0.5, index),
    )
    for index in (*first, *worth):
        if index in picks.kept or picks.spent + costs[index] > budget:
            continue
        picks.kept.add(index)
        picks.spent += costs[index]
    return picks


def with_context(
    scores: Sequence[float], hits: Collection[int], *, before: int, after: int, share: float
) -> list[float]:
    """The scores, those around each hit raised to at most `share` of the hit's own, less with distance."""
    raised = list(scores)
    for hit in hits:
        for offset in (*range(-before, 0), *range(1, after + 1)):
            near = hit + offset
            if 0 <= near < len(raised) and raised[near] > 0:
                raised[near] = max(raised[near], scores[hit] * share / abs(offset))
    return raised


def fold(templates: Sequence[str]) -> dict[int, list[int]]:
    """The first line of each template, and the lines that repeat it."""
    firsts: dict[str, int] = {}
    groups: dict[int, list[int]] = {}
    for index, key in enumerate(templates):
        if not key:
            continue
        if key in firsts:
            groups[firsts[key]].append(index)
        else:
            firsts[key] = index
            groups[index] = []
    return groups


NUMBERS_SAY = "n| is line n, lines between are left out"


def show(
    document: Document,
    kept: Collection[int],
    *,
    folded: Mapping[int, Sequence[int]] | None = None,
    replaced: Mapping[int, str] | None = None,
    covered: Collection[int] = (),
    width: int = LINE_LIMIT,
    notes: tuple[str, ...] = (),
) -> Body:
    """The kept lines with their numbers.

    `folded` says which later lines a kept one stands for, `replaced` what to show instead of a line (with its own
    numbers in front), `covered` which lines are told by others.
    """
    folded, replaced = folded or {}, replaced or {}
    numbers, lines = document.numbers, document.lines
    rows: list[str] = []
    told = {*kept, *replaced, *covered}
    for index in sorted({*kept, *replaced}):
        if index in replaced:
            rows.append(replaced[index])
            continue
        again = folded.get(index, ())
        times = f"  (×{len(again) + 1}, last {numbers[again[-1]]})" if again else ""
        number = numbers[index]
        rows.append(f"{'' if number is None else f'{number}|'}{clip(lines[index], width)}{times}")
        told.update(again)
    missing = [
        number
        for index, number in enumerate(numbers)
        if number is not None and index not in told and (lines[index] or document.numbered)
    ]
    repeats = sum(len(folded[index]) for index in kept if index in folded)
    if repeats:
        notes = (*notes, f"{repeats} lines like those marked × folded")
    whole = not missing and not notes
    return Body("\n".join(rows), ranges(missing), notes, complete=whole, how=NUMBERS_SAY if missing else "")
