"""Alerts, and what became of telling them."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, update

from addons.domain.alerts.alert import Alert, AlertSent
from addons.domain.scrub import scrub
from db import revs
from db.tables import alerts
from db.text import safe, storable

KEY_LIMIT = 200


def write(tx: Connection, records: Sequence[Alert | AlertSent], _proxy_id: str) -> None:
    found = revs.take(tx, len(records))
    new = [
        {
            "rev": rev,
            "key": storable(alert.key, KEY_LIMIT),
            "level": str(alert.level),
            "at_ms": alert.at_ms,
            "session_id": alert.session_id,
            "provider": storable(alert.provider, 60),
            "message": safe(alert.message, 500),
            "data": scrub(json.dumps(dict(alert.data))),
        }
        for alert, rev in zip(records, found, strict=True)
        if isinstance(alert, Alert)
    ]
    if new:
        tx.execute(insert(alerts), new)
    for sent, rev in zip(records, found, strict=True):
        if isinstance(sent, AlertSent):
            _tell(tx, sent, rev)


def _tell(tx: Connection, sent: AlertSent, rev: int) -> None:
    """Of several channels, the first that took it and the first error stay."""
    its = (alerts.c.key == storable(sent.key, KEY_LIMIT), alerts.c.at_ms == sent.at_ms)
    values = {"rev": rev, "sent_at_ms": func.coalesce(alerts.c.sent_at_ms, sent.sent_at_ms)}
    tx.execute(update(alerts).where(*its).values(values))
    if sent.error:
        empty = alerts.c.send_error == ""
        tx.execute(update(alerts).where(*its, empty).values(send_error=safe(sent.error, 500)))
