"""What a person may do to alerts, carried out by the proxy that picked the command."""

from sqlalchemy import Engine, select, update

from addons.domain.errors import UserError
from db import revs
from db.tables import alerts


def acknowledge(engine: Engine, alert_id: int | None, at_ms: int) -> int:
    """One alert, or all that are open (None). How many were open; one that nobody has to see again stays as it is.

    :raises UserError: if there is no such alert.
    """
    with engine.begin() as tx:
        (rev,) = revs.take(tx, 1)
        change = update(alerts).where(alerts.c.acknowledged_at_ms.is_(None)).values(acknowledged_at_ms=at_ms, rev=rev)
        if alert_id is not None:
            if tx.scalar(select(alerts.c.id).where(alerts.c.id == alert_id)) is None:
                raise UserError(f"There is no alert {alert_id}; its session may have been deleted.")
            change = change.where(alerts.c.id == alert_id)
        return tx.execute(change).rowcount
