"""How models count, as learned last."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection

from addons.domain.calibration import Calibration
from db.prepared import Prepared
from db.tables import calibrations as table
from db.text import storable
from db.upsert import replacing

_ROWS = Prepared(table, lambda insert: replacing(insert, table))


def write(tx: Connection, records: Sequence[Calibration], _proxy_id: str) -> None:
    latest = {(record.provider, storable(record.model, 200)): record for record in records}
    # In one order everywhere, so that two writers never wait for each other's rows.
    _ROWS.run(tx, [{**asdict(latest[key]), "model": key[1]} for key in sorted(latest)])
