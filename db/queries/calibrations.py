"""How models count."""

from dataclasses import fields

from sqlalchemy import Connection, select

from addons.domain.calibration import Calibration
from db.tables import calibrations

_NAMES = tuple(field.name for field in fields(Calibration))


def calibrations_of(tx: Connection) -> list[Calibration]:
    """All that is known, the model with most reports first."""
    rows = tx.execute(select(*(calibrations.c[name] for name in _NAMES)).order_by(calibrations.c.observations.desc()))
    return [Calibration(**row) for row in rows.mappings()]
