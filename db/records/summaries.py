"""Summaries: each as it was submitted last; of a session only the latest is active."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, update

from addons.domain.compression.summary import Summary
from db import revs, upsert
from db.records import owners
from db.tables import summaries
from db.text import storable


def write(tx: Connection, records: Sequence[Summary], _proxy_id: str) -> None:
    owners.ensure(tx, ((record.session_id, record.created_at_ms) for record in records))
    latest = {(record.session_id, record.created_at_ms): record for record in records}
    for record in latest.values():
        # One by one: the new one's rev is higher than that of the one whose place it takes.
        older = (summaries.c.session_id == record.session_id) & (summaries.c.created_at_ms < record.created_at_ms)
        if record.active:
            (rev,) = revs.take(tx, 1)
            tx.execute(update(summaries).where(older, summaries.c.active).values(active=False, rev=rev))
        (rev,) = revs.take(tx, 1)
        tx.execute(upsert.replacing(upsert.insert(tx, summaries), summaries), [_row(record, rev)])


def _row(summary: Summary, rev: int) -> dict[str, Any]:
    # The texts are fit to be stored as they are (`summary.kept_text`): they are forwarded again after a restart.
    return asdict(summary) | {
        "writer": storable(summary.writer, 200),
        "trigger": str(summary.trigger),
        "rev": rev,
    }
