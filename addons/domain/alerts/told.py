"""Alerts that others found out: critical events, and records that were lost."""

from collections.abc import Iterator

from addons.domain.alerts.alert import Alert
from addons.domain.alerts.limits import NEAR_KIND, near
from addons.domain.continue_log.event import EVENT_KIND
from addons.domain.events import SETTINGS_KIND, STORE_KIND, Event, Level

ALERT_KIND = "alert"
"""The kind of events whose message was written to be told: routing's, where no model takes a request."""


ABOUT_US = {
    STORE_KIND: "",
    SETTINGS_KIND: "A settings file was changed and cannot be used; the settings in use stay in use. The Settings page "
    "says why",
}
"""Kinds of events that a person must know of from a warning on, and what they are told; "": the event's own words,
which name nobody's text. A settings file's may hold what somebody put there."""


def event_alerts(event: Event) -> Iterator[Alert]:
    if event.kind == NEAR_KIND:
        yield from near(event)
    elif event.kind in ABOUT_US and event.level is not Level.INFO:
        message = ABOUT_US[event.kind] or event.message
        yield Alert(key=f"{event.kind}:{_what(event)}", at_ms=event.at_ms, level=event.level, message=message)
    elif event.level is Level.CRITICAL:
        about = event.session_id or str(event.data.get("model") or "")
        yield Alert(
            key=f"{event.kind}:{about}"[:200],
            at_ms=event.at_ms,
            level=Level.CRITICAL,
            message=_message(event),
            session_id=event.session_id,
            provider=str(event.data.get("provider") or "") if event.kind == ALERT_KIND else "",
            data=event.data if event.kind == ALERT_KIND else {"model": event.data.get("model")},
        )


def lost_alert(lost: int, at_ms: int) -> Alert:
    """:param lost: records since the last time."""
    return Alert(
        key="dropped:records",
        at_ms=at_ms,
        level=Level.CRITICAL,
        message=f"{lost:,} records were lost: too many were waiting, or the store could not be written",
        data={"records": lost},
    )


def _what(event: Event) -> str:
    """Tells one trouble of the store from another, so that none is hushed up because the other was told just now."""
    return event.message.partition(" (")[0].partition(" for ")[0][:150] if event.kind == STORE_KIND else "file"


def _message(event: Event) -> str:
    """An event's own words only where they are known to hold nobody's text."""
    if event.kind == ALERT_KIND:
        return event.message
    if event.kind == EVENT_KIND:
        model = f" for {event.data['model']}" if event.data.get("model") else ""
        return f"Continue did not send a request{model}: it does not fit the context window that it knows"
    return f"A critical event of the kind {event.kind}; the list of events says more"
