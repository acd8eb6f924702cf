"""Originals: each text once, and which sessions need it. Written again, nothing changes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from addons.domain.decisions import Original
from db import content, upsert
from db.records import owners
from db.tables import originals, session_originals
from db.text import storable


def write(tx: Connection, records: Sequence[Original], _proxy_id: str) -> None:
    owners.ensure(tx, ((record.session_id, record.at_ms) for record in records))
    if rows := _new_rows(tx, records):
        tx.execute(upsert.insert(tx, originals).on_conflict_do_nothing(index_elements=[originals.c.tag]), rows)
    tx.execute(
        upsert.insert(tx, session_originals).on_conflict_do_nothing(
            index_elements=list(session_originals.primary_key.columns)
        ),
        [{"session_id": record.session_id, "tag": record.tag} for record in records],
    )


def _new_rows(tx: Connection, records: Sequence[Original]) -> list[dict[str, Any]]:
    """Only of texts that are not there yet: compressing is what takes the time."""
    tags = {record.tag for record in records}
    there = set(tx.execute(select(originals.c.tag).where(originals.c.tag.in_(tags))).scalars())
    return list({record.tag: _row(record) for record in records if record.tag not in there}.values())


def _row(original: Original) -> dict[str, Any]:
    return {
        "tag": original.tag,
        "packed": content.pack(original.text),
        "size_bytes": content.size_bytes(original.text),
        "lines": content.line_count(original.text),
        "tokens": original.tokens,
        "kind": storable(original.kind, 40),
        "tool": storable(original.tool, 200),
        "path": storable(original.path, 1000),
        "created_at_ms": original.at_ms,
    }
