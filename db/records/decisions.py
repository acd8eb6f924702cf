"""Decisions: the latest for each message of a session."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from addons.domain.decisions import Decision
from db import revs, upsert
from db.records import owners
from db.tables import decisions


def write(tx: Connection, records: Sequence[Decision], _proxy_id: str) -> None:
    owners.ensure(tx, ((record.session_id, record.decided_at_ms) for record in records))
    latest = {(record.session_id, record.key): record for record in records}
    statement = upsert.insert(tx, decisions)
    primary = list(decisions.primary_key.columns)
    changes = {column.name: statement.excluded[column.name] for column in decisions.c if column not in primary}
    found = revs.take(tx, len(latest))
    tx.execute(
        statement.on_conflict_do_update(index_elements=primary, set_=changes),
        [_row(record, rev) for record, rev in zip(latest.values(), found, strict=True)],
    )


def _row(decision: Decision, rev: int) -> dict[str, Any]:
    return {
        "session_id": decision.session_id,
        "key": decision.key,
        "action": str(decision.action),
        "reason": decision.reason,
        # As ASCII: a digest may hold a lone surrogate or NUL, which a database would refuse.
        "replacements": json.dumps([asdict(replacement) for replacement in decision.replacements]),
        "tokens_saved": decision.tokens_saved,
        "decided_at_ms": decision.decided_at_ms,
        "rev": rev,
    }
