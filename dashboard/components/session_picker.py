"""Which session a page is about: in the address as `?session=ID`, so that it can be linked to."""

from dashboard import data
from dashboard.components.address import choice, value
from dashboard.data import SessionFilter, SessionRow
from dashboard.format import ago, label, now_ms
from dashboard.i18n import _

LATEST = ""
"""Whichever session was active last: the page follows the work."""
OFFERED = 200


def session_picker() -> str:
    """The id of the session chosen, or LATEST."""
    offered = {row.id: row for row in data.sessions_latest(SessionFilter(), OFFERED)}
    linked = value("session")
    if linked and linked not in offered and (row := data.session(linked)):
        offered[linked] = row
    missing = [linked] if linked and linked not in offered else []
    return choice(
        "session", _("Session"), [LATEST, *offered, *missing], lambda key: _named(offered.get(key), key), width=460
    )


def picked(wanted: str) -> SessionRow | None:
    """None where there is no session yet, or none of this id."""
    if wanted != LATEST:
        return data.session(wanted)
    return data.session_last_active()


def _named(row: SessionRow | None, key: str) -> str:
    if key == LATEST:
        return _("Latest session")
    if row is None:
        return _("Unknown session")
    name = label(row.name, empty=_("Unnamed"))
    return f"{name} · {label(row.provider)} · {ago(row.last_seen_ms, now_ms())}"
