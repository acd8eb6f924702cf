"""Entries under headings: hits under files, names under directories, rows under a table's head.

An entry is shown only below its heading, so choosing one means paying for both.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from addons.domain.masking.document import ranges
from addons.domain.masking.selection import Body


@dataclass(frozen=True, slots=True)
class Entry:
    """One or several lines of the original, shown as one."""

    group: str
    """Its heading."""
    text: str
    score: float
    lines: tuple[int, ...]
    """The lines of the original that it shows, numbered from 1."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the groups are written."""

    inline: bool = False
    """Entries after the heading on one line, separated by commas, instead of one a line."""
    heading: str = "{group} ({count})"
    """`count`: entries of the group in the original."""
    partial: str = "{group} ({count}, {shown} shown)"
    unit: str = "entries"


def choose_entries(entries: Sequence[Entry], tokens_per_char: float, budget: float) -> set[int]:
    """Indices of the entries that tell most for their cost."""
    kept: set[int] = set()
    opened: set[str] = set()
    spent = 0.0
    order = sorted(
        (index for index, entry in enumerate(entries) if entry.score > 0),
        key=lambda index: (-entries[index].score, index),
    )
    for index in order:
        entry = entries[index]
        cost = len(entry.text) * tokens_per_char + 2
        if entry.group not in opened:
            cost += len(entry.group) * tokens_per_char + 6
        if spent + cost > budget:
            continue
        spent += cost
        kept.add(index)
        opened.add(entry.group)
    return kept


def write(
    entries: Sequence[Entry], kept: set[int], layout: Layout, *, notes: tuple[str, ...] = (), how: str = ""
) -> Body:
    """The kept entries below their headings, in the original's order."""
    counts: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    members: dict[str, list[str]] = {}
    omitted: list[int] = []
    for index, entry in enumerate(entries):
        counts[entry.group] += len(entry.lines)
        if index in kept:
            shown[entry.group] += len(entry.lines)
            members.setdefault(entry.group, []).append(entry.text)
        else:
            omitted += entry.lines
    rows: list[str] = []
    for group, texts in members.items():
        pattern = layout.heading if shown[group] == counts[group] else layout.partial
        head = pattern.format(group=group, count=counts[group], shown=shown[group]) if group else ""
        if layout.inline and group and len(texts) == counts[group] == 1:
            rows.append(f"{group}{texts[0]}")
        elif layout.inline and group:
            rows.append(f"{head}: {', '.join(texts)}")
        else:
            rows += [head, *texts] if head else texts
    hidden = [group for group in counts if group not in members]
    if hidden:
        total = sum(counts[group] for group in hidden)
        notes = (*notes, f"{total} {layout.unit} in {len(hidden)} others: {name_groups(hidden, counts)}")
    return Body("\n".join(rows), ranges(sorted(omitted)), notes, complete=len(kept) == len(entries), how=how)


def name_groups(hidden: Sequence[str], counts: Counter[str]) -> str:
    """The largest groups that are not shown, by name."""
    largest = sorted(hidden, key=lambda group: (-counts[group], group))[:4]
    named = ", ".join(f"{group[-80:]} ({counts[group]})" for group in largest)
    return named if len(hidden) <= len(largest) else f"{named}, …"
