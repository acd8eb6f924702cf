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
    return named_picker("session", _("Session"), _("Latest session"), width=460)


def named_picker(name: str, title: str, none: str, width: int) -> str:
    """The id of the session chosen, "" where none is.

    :param name: in the address. :param none: what stands for no id, in our own words.
    """
    offered = {row.id: row for row in data.sessions_latest(SessionFilter(), OFFERED)}
    linked = value(name)
    if linked and linked not in offered and (row := data.session(linked)):
        offered[linked] = row
    missing = [linked] if linked and linked not in offered else []
    return choice(name, title, [LATEST, *offered, *missing],
                  lambda key: _named(offered.get(key)) if key else none, width=width)  # fmt: skip


def other_filled_in(left: str, right: str) -> tuple[str, str]:
    """Two ids to compare: for an empty one the session with requests that was active last, of those that the other
    side does not show; the right side has the later one. "" where there is none left.
    """
    latest = sorted(data.sessions_latest(SessionFilter(), OFFERED), key=lambda row: -row.last_seen_ms)
    found = [row.id for row in latest if row.completions]
    right = right or next((one for one in found if one != left), "")
    return left or next((one for one in found if one != right), ""), right


def picked(wanted: str) -> SessionRow | None:
    """None where there is no session yet, or none of this id."""
    if wanted != LATEST:
        return data.session(wanted)
    return data.session_last_active()


def _named(row: SessionRow | None) -> str:
    if row is None:
        return _("Unknown session")
    name = label(row.name, empty=_("Unnamed"))
    return f"{name} · {label(row.provider)} · {ago(row.last_seen_ms, now_ms())}"
