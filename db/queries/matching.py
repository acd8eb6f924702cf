"""Filters that compare columns with values: a filter's fields have the columns' names, and an empty one does not
filter."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func

WHERE = ("provider", "model", "project")
"""Where a request went, and what for."""


def matching(columns: Any, wanted: Any, names: Sequence[str] = WHERE) -> list[ColumnElement[bool]]:
    """:param columns: a model, or a table's `c`."""
    return [getattr(columns, name) == value for name in names if (value := getattr(wanted, name))]


def narrowing(columns: Any, wanted: Any, names: Sequence[str], *, is_narrow: bool = False) -> list[ColumnElement[bool]]:
    """The same, where only the first one may choose an index: SQLite takes one of them, and without statistics not the
    best.

    :param names: those first that leave least.
    :param is_narrow: another condition has an index that leaves less.
    """
    found: list[ColumnElement[bool]] = []
    for name in names:
        if value := getattr(wanted, name):
            column = getattr(columns, name)
            found.append((func.coalesce(column, column) if is_narrow or found else column) == value)
    return found


def only(wanted: Any, *names: str) -> dict[str, list[str]]:
    """What `matching` compares, for sums (`tallied`)."""
    return {name: [getattr(wanted, name)] for name in names}
