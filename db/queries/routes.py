"""Where sessions go on, and the context windows that providers told."""

import json

from sqlalchemy import Connection, Engine, select

from addons.domain.routes import SessionRoute
from addons.domain.true_windows import TrueWindow
from db.tables import session_routes, true_windows


def route_of(engine: Engine, session_id: str) -> SessionRoute | None:
    """As it was submitted last; None where the session stays with what its client asks for."""
    with engine.connect() as connection:
        row = connection.execute(select(session_routes).where(session_routes.c.session_id == session_id)).first()
    if row is None:
        return None
    fields = dict(row._mapping)
    return SessionRoute(**fields | {"signatures": json.loads(fields["signatures"])})


def windows_told(tx: Connection) -> list[TrueWindow]:
    """All of them, however long ago."""
    rows = tx.execute(select(true_windows).order_by(true_windows.c.provider, true_windows.c.model))
    return [TrueWindow(**row) for row in rows.mappings()]
