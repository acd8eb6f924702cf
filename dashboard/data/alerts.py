"""Alerts."""

from dashboard.data.asking import asks
from db.queries import alerts
from db.queries.alerts import AlertFilter, AlertRow

alert_rows = asks(alerts.alert_rows)
alert_count = asks(alerts.alert_count)
alert_open_count = asks(alerts.open_count)
alert_newest_id = asks(alerts.newest_id)
alerts_after = asks(alerts.alerts_after)

__all__ = [
    "AlertFilter",
    "AlertRow",
    "alert_count",
    "alert_newest_id",
    "alert_open_count",
    "alert_rows",
    "alerts_after",
]
