"""What the dashboard asks of the proxies: settings and commands, the only rows it ever writes.

All of it goes through `db.engine.control`, in one short transaction per click.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, func, insert, select

from db import upsert
from db.clock import now_ms
from db.engine import serialize
from db.tables import commands, settings

SETTINGS_KEY = 0x73657474
"""PostgreSQL's advisory lock for settings: "sett" in ASCII."""


def put_setting(engine: Engine, key: str, value: object) -> int:
    """Stores the value (JSON types) and returns its version, larger than that of all settings before.

    The proxy fills `applied_at_ms` or `error` of the row when it has noticed.
    """
    with engine.begin() as tx:
        serialize(tx, SETTINGS_KEY)  # or two at once would get one version, and a proxy would miss the later
        version: int = tx.execute(select(func.coalesce(func.max(settings.c.version), 0) + 1)).scalar_one()
        row = {
            "key": key,
            "value": json.dumps(value),
            "version": version,
            "updated_at_ms": now_ms(),
            "applied_at_ms": None,
            "applied_by": None,
            "error": "",
        }
        statement = upsert.insert(tx, settings).values(row)
        changes = {name: statement.excluded[name] for name in row if name != "key"}
        tx.execute(statement.on_conflict_do_update(index_elements=[settings.c.key], set_=changes))
    return version


def put_command(engine: Engine, kind: str, payload: Mapping[str, object]) -> int:
    """The id by which to ask for the result."""
    row = {"kind": kind, "payload": json.dumps(dict(payload)), "created_at_ms": now_ms()}
    with engine.begin() as tx:
        made = tx.execute(insert(commands).values(row).returning(commands.c.id))
        command_id: int = made.scalar_one()
    return command_id


def command_result(engine: Engine, command_id: int) -> dict[str, Any] | None:
    """`{"ok": …}` or `{"error": "…"}`; None while no proxy has answered. Any engine will do."""
    with engine.connect() as connection:
        found = connection.execute(
            select(commands.c.result).where(commands.c.id == command_id, commands.c.done_at_ms.is_not(None))
        ).scalar()
    return None if found is None else dict(json.loads(found))
