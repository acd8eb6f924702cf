"""JSON: keys, shapes and lengths; arrays of like objects as tables; all of it where it fits, else what is rare in it.

Numbers are kept as they are written (1.10 stays 1.10): a digest quotes, it does not convert.
"""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from addons.domain.masking.document import Document
from addons.domain.masking.salience import scores
from addons.domain.masking.selection import Body, Shorten

INLINE_CHARS = 100
"""A value whose JSON is no longer than this is written on its key's line."""
STRING_CHARS = 160
"""Characters shown of a long string; its length is said."""
TABLE_ROWS = 3
"""Objects with (nearly) the same keys that make a table."""
ROW_LIMIT = 30_000
"""Lines of a layout; what comes after them is only counted."""


HOW = 'tables: first the columns, then one row a line, values separated by "|"'


class Literal(str):
    """A number, as the document spells it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the layout; shown only with its parent."""

    parent: int
    depth: int
    text: str


def read(document: Document) -> Shorten | None:
    value = _parse(document.text)
    if value is None:
        return None
    rows: list[Row] = []
    _lay_out(value, rows, parent=-1, depth=0, key="")
    beyond = (f"only the first {ROW_LIMIT} entries were looked at",) if len(rows) >= ROW_LIMIT else ()
    score = [
        worth + max(0.0, 3.0 - row.depth) + 0.05
        for worth, row in zip(scores([row.text for row in rows]), rows, strict=True)
    ]

    def shorten(budget: int) -> Body:
        kept = _choose(rows, score, document.tokens_per_char, budget)
        if len(kept) == len(rows):
            text = "\n".join(" " * row.depth + row.text for row in rows)
            return Body(text, notes=beyond, complete=not beyond, how=HOW)
        left_out = f"left out: {len(rows) - len(kept)} of {len(rows)} entries"
        return Body(_write(rows, kept), notes=(left_out, *beyond), how=HOW)

    return shorten


def _parse(text: str) -> Any:
    """The value of a JSON document or of JSON lines; None for anything else and for scalars."""
    stripped = text.strip()
    if stripped[:1] not in ("{", "["):
        return None
    try:
        value = json.loads(stripped, parse_float=Literal, parse_int=Literal, parse_constant=Literal)
    except ValueError:
        return _parse_lines(stripped)
    except RecursionError:
        return None
    return value if isinstance(value, (dict, list)) and value else None


def _parse_lines(text: str) -> list[Any] | None:
    """JSON lines: one object a line, each of them valid."""
    lines = text.split("\n")
    if len(lines) < TABLE_ROWS:
        return None
    values = []
    for line in lines:
        if line.strip():
            try:
                values.append(json.loads(line, parse_float=Literal, parse_int=Literal, parse_constant=Literal))
            except (ValueError, RecursionError):
                return None
    return values if all(isinstance(value, dict) for value in values) else None


def _choose(rows: list[Row], score: list[float], tokens_per_char: float, budget: float) -> set[int]:
    """The entries that tell most, each with all that it lies in."""
    kept: set[int] = set()
    spent = 0.0
    for index in sorted(range(len(rows)), key=lambda index: (-score[index], index)):
        chain = []
        at = index
        while at >= 0 and at not in kept:
            chain.append(at)
            at = rows[at].parent
        cost = sum((len(rows[at].text) + rows[at].depth) * tokens_per_char + 2 for at in chain)
        if spent + cost <= budget:
            spent += cost
            kept.update(chain)
    return kept


def _write(rows: list[Row], kept: set[int]) -> str:
    """The kept entries; where some are missing, their number in place."""
    lines: list[str] = []
    missing: Counter[int] = Counter()
    for index, row in enumerate(rows):
        if index not in kept:
            missing[row.parent] += row.parent in kept or row.parent < 0
    for index, row in enumerate(rows):
        if index in kept:
            more = f"  […{missing[index]} entries left out]" if missing[index] else ""
            lines.append(" " * row.depth + row.text + more)
    return "\n".join(lines)


def _lay_out(value: Any, rows: list[Row], *, parent: int, depth: int, key: str) -> None:
    """Append the lines of one value. json.loads has bounded the depth."""
    if len(rows) >= ROW_LIMIT:
        return
    label = f"{key}: " if key else ""
    short = _inline(value)
    if short is not None:
        rows.append(Row(parent, depth, label + short))
        return
    here = len(rows)
    if isinstance(value, str):
        rows.append(Row(parent, depth, f"{label}{_string(value)}"))
    elif isinstance(value, dict):
        rows.append(Row(parent, depth, f"{label}{{{len(value)} keys}}"))
        for name, item in value.items():
            _lay_out(item, rows, parent=here, depth=depth + 1, key=name)
    elif (columns := _columns(value)) is not None:
        _table(value, columns, rows, parent=parent, depth=depth, label=label)
    else:
        rows.append(Row(parent, depth, f"{label}[{len(value)} items]"))
        for at, item in enumerate(value):
            _lay_out(item, rows, parent=here, depth=depth + 1, key=str(at))


def _table(
    value: list[dict[str, Any]], columns: list[str], rows: list[Row], *, parent: int, depth: int, label: str
) -> None:
    here = len(rows)
    same = {
        name: value[0].get(name)
        for name in columns
        if all(item.get(name, _NONE) == value[0].get(name) for item in value)
    }
    varying = [name for name in columns if name not in same]
    constant = f" all with {', '.join(f'{name}={_cell(same[name])}' for name in same)};" if same else ""
    rows.append(Row(parent, depth, f"{label}[{len(value)} rows]{constant} {'|'.join(varying)}"))
    rows.extend(
        Row(here, depth + 1, "|".join(_cell(item.get(name, "")) for name in varying)) for item in value[:ROW_LIMIT]
    )


_NONE = object()


def _columns(value: list[Any]) -> list[str] | None:
    """The keys of a uniform array of objects: few, and most objects have most of them."""
    if len(value) < TABLE_ROWS or not all(isinstance(item, dict) for item in value):
        return None
    names = Counter(name for item in value for name in item)
    if not names or len(names) > 40 or sum(names.values()) < 0.7 * len(names) * len(value):
        return None
    nested = sum(1 for item in value for cell in item.values() if _inline(cell) is None and not isinstance(cell, str))
    return list(names) if nested <= 0.1 * len(value) else None


def _inline(value: Any) -> str | None:
    """A short value as compact JSON; None if it is long."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if len(value) <= STRING_CHARS else None
    if isinstance(value, (dict, list)):
        if len(value) > 20:
            return None
        text = _compact(value)
        return text if len(text) <= INLINE_CHARS else None
    return json.dumps(value)


def _compact(value: Any) -> str:
    """JSON without spaces; numbers as the document spells them, and no further than needed to see that it is long."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, dict):
        parts: list[str] = []
        for name, item in value.items():
            parts.append(f"{json.dumps(name, ensure_ascii=False)}:{_compact(item)}")
            if sum(map(len, parts)) > INLINE_CHARS:
                break
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        parts = []
        for item in value:
            parts.append(_compact(item))
            if sum(map(len, parts)) > INLINE_CHARS:
                break
        return "[" + ",".join(parts) + "]"
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Any) -> str:
    if isinstance(value, str) and not isinstance(value, Literal):
        return _string(value) if len(value) > STRING_CHARS or "|" in value or "\n" in value else value
    return _inline(value) or f"{_compact(value)[:INLINE_CHARS]}…"


def _string(value: str) -> str:
    if len(value) <= STRING_CHARS:
        return json.dumps(value, ensure_ascii=False)
    return f"{json.dumps(value[:STRING_CHARS], ensure_ascii=False)}… ({len(value)} characters)"
