"""Filters that compare columns with values: a filter's fields have the columns' names, and an empty one does not
filter."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

WHERE = ("provider", "model", "project")
"""Where a request went, and what for."""


def matching(columns: Any, wanted: Any, names: Sequence[str] = WHERE) -> list[ColumnElement[bool]]:
    """:param columns: a model, or a table's `c`."""
    return [getattr(columns, name) == value for name in names if (value := getattr(wanted, name))]


def only(wanted: Any, *names: str) -> dict[str, list[str]]:
    """The same for sums (`tallied`)."""
    return {name: [getattr(wanted, name)] for name in names}
