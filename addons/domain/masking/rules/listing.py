"""Listings: file names (find, ls, tree, glob), and tables in columns (ls -l, pip list, ps, docker ps).

Names go below their directories; a column that is the same in every row is said once. All rows stay where they fit;
else extremes, rows that differ from the rest, and counts by directory.
"""

import re
from collections import Counter

from addons.domain.masking.columns import Table, read_table
from addons.domain.masking.document import Document, clip
from addons.domain.masking.entries import Entry, Layout, choose_entries, write
from addons.domain.masking.salience import scores
from addons.domain.masking.selection import Body, Shorten

PATH = re.compile(
    r"(?:\./|~/|/|[A-Za-z]:\\)?[\w.@+()\[\]{}#%=, -]{1,120}(?:[\\/][\w.@+()\[\]{}#%=, -]{1,120}){0,30}[\\/]?"
)
TREE = re.compile(r"[│├└─|`+\\ \t-]*(?:├──|└──|\|--|`--|\+--|\\--)")
SHARE = 0.8
"""Of the lines that must be names."""
LEAST_LINES = 8


def read(document: Document) -> Shorten | None:
    lines = [line for line in document.lines if line]
    if document.suffix or len(lines) < LEAST_LINES or max(len(line) for line in lines) > 600:
        return None
    paths = sum(1 for line in lines if _is_path(line))
    trees = sum(1 for line in lines if TREE.match(line[:200]))
    if max(paths, trees) >= SHARE * len(lines):
        return _weigh_paths(document)
    table = read_table(document.lines)
    return _weigh_table(document, table) if table is not None else None


def _is_path(line: str) -> bool:
    """A line that is one path: with a separator or a file's suffix, and not a sentence."""
    text = line.strip()
    return ("/" in text or "\\" in text or "." in text[1:]) and text.count(" ") <= 2 and bool(PATH.fullmatch(text))


def _weigh_paths(document: Document) -> Shorten:
    score = scores(document.lines)
    entries = []
    for index, line in enumerate(document.lines):
        if not line:
            continue
        directory, name = _split_path(line.strip()) if not TREE.match(line[:200]) else ("", clip(line))
        entries.append(Entry(directory, name, score[index] + 0.01, (document.position(index),)))
    layout = Layout(inline=any(entry.group for entry in entries), unit="entries")
    total = (f"{len(entries)} entries", *_suffixes(entries))

    def shorten(budget: int) -> Body:
        kept = choose_entries(entries, document.tokens_per_char, budget)
        return write(entries, kept, layout, notes=total if len(kept) < len(entries) else ())

    return shorten


def _split_path(path: str) -> tuple[str, str]:
    at = max(path.rstrip("/\\").rfind("/"), path.rstrip("/\\").rfind("\\"))
    return (path[: at + 1], path[at + 1 :]) if at >= 0 else ("", path)


def _suffixes(entries: list[Entry]) -> tuple[str, ...]:
    counts = Counter(entry.text.rpartition(".")[2].lower() for entry in entries if "." in entry.text[1:])
    most = ", ".join(f".{suffix} {count}" for suffix, count in counts.most_common(6) if len(suffix) <= 8)
    return (f"by suffix: {most}",) if most else ()


def _weigh_table(document: Document, table: Table) -> Shorten:
    score = table.scores()
    entries = [Entry("", clip(text), 5.0, (document.position(index),)) for index, text in table.outside]
    inline = table.paths
    for row, index in enumerate(table.indices):
        position = (document.position(index),)
        if table.odd(row):
            entries.append(Entry("", clip(" ".join(table.rows[row])), score[row], position))
            continue
        cells = [cell for column, cell in enumerate(table.rows[row]) if column not in table.constant]
        group = ""
        if inline:
            group, cells[-1] = _split_path(cells[-1])
            cells = [cells[-1], *cells[:-1]]
        entries.append(Entry(group, " ".join(cells), score[row], position))
    layout = Layout(inline=inline, unit="rows")
    total = (f"{len(table.rows)} rows", *table.describe())
    same = table.constants()
    how = f"in every row that is not shown whole also: {same}" if same else ""

    def shorten(budget: int) -> Body:
        kept = choose_entries(entries, document.tokens_per_char, budget)
        return write(entries, kept, layout, notes=total if len(kept) < len(entries) else (), how=how)

    return shorten
