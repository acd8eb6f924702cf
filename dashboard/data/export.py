"""Rows for files."""

import os
from collections.abc import Iterator
from typing import Any

from addons.domain import places
from addons.domain.selection import Selection
from dashboard.data.asking import reading_engine
from db.queries import export
from db.queries.export import EXPORT_COLUMNS
from db.queries.reading import answering


def export_rows(wanted: Selection) -> Iterator[dict[str, Any]]:
    """As `./just export` gives them, read as they are asked for: not kept, and not shared between tabs.

    :raises StoreUnavailable: if there is no store, or it does not answer; before the first row is asked for.
    """
    with answering():
        engine = reading_engine(places.database_url(os.environ))
    return export.rows(engine, wanted)


__all__ = ["EXPORT_COLUMNS", "export_rows"]
