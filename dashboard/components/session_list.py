"""The list of sessions as a table, and which of its rows are chosen."""

from typing import Any

import streamlit as st

from dashboard import data
from dashboard.components.columns import FILL, TOKENS, USD, aside, per_cent, when
from dashboard.components.session_undo import generation
from dashboard.components.table import PAGE_PX, chooser
from dashboard.data import SessionRow
from dashboard.format import utc
from dashboard.i18n import _

TREND = 20
"""Requests of each session whose context fill is drawn."""
CHOSEN = "sessions-chosen"
"""In the session state: the ids of the rows that were clicked."""


def session_list(rows: list[SessionRow], *, deleted: bool) -> None:
    trends = data.fill_trends([row.id for row in rows], TREND)
    drawn = [_row(row, trends.get(row.id)) for row in rows]
    chooser(f"sessions-{generation()}", drawn, _columns(rows, deleted=deleted), rows, _choose, many=True,
            most_px=PAGE_PX)  # fmt: skip


def _choose(rows: list[SessionRow]) -> None:
    st.session_state[CHOSEN] = [row.id for row in rows]


def chosen() -> list[str]:
    """The ids of the sessions whose rows were clicked, on whatever page of the list."""
    found: list[str] = st.session_state.get(CHOSEN, [])
    return found


def _columns(rows: list[SessionRow], *, deleted: bool) -> dict[str, Any]:
    columns = {
        "pinned": st.column_config.CheckboxColumn(_("Pinned"), width=66),
        "name": st.column_config.TextColumn(_("Session"), width=164 if any(row.pinned for row in rows) else 230),
        "deleted": when(_("Deleted"), "distance"),
        "seen": when(_("Last active"), "distance", width=120),
        "fill": FILL(_("Context fill"), width=100),
        "trend": st.column_config.LineChartColumn(
            _("Lately"), y_min=0.0, y_max=100.0, width=85,
            help=_("Context fill of its latest {n} requests, in per cent.").format(n=TREND)),
        "cost": USD(_("Cost"), width=72),
        "unpriced": TOKENS(_("No price"), width=70,
                           help=_("Requests whose price is not known; they are not in the cost.")),
        "turns": TOKENS(_("Turns"), width=56, help=_("User messages of its longest conversation, from its beginning.")),
        "requests": TOKENS(_("Requests"), width=76),
        "errors": TOKENS(_("Errors"), width=64),
        "saved": TOKENS(_("Tokens saved"), width=105),
        "prompt": aside(TOKENS(_("Prompt tokens"))),
        "completion": aside(TOKENS(_("Generated tokens"))),
        "model": aside(_("Model")),
        "provider": aside(_("Provider")),
        "project": aside(_("Project")),
        "source": aside(_("Source")),
        "started": aside(when(_("Started"), "MMM D, HH:mm")),
    }  # fmt: skip
    for name in ("pinned", "project", "unpriced"):
        if not any(getattr(row, name) for row in rows):
            del columns[name]
    if not deleted:
        del columns["deleted"]
    if all(row.source == "proxy" for row in rows):
        del columns["source"]
    return columns


def _row(row: SessionRow, trend: list[float] | None) -> dict[str, Any]:
    return {
        "pinned": row.pinned,
        "name": row.name or _("Unnamed"),
        "deleted": utc(row.deleted_at_ms),
        "seen": utc(row.last_seen_ms),
        "fill": per_cent(row.context_fill),
        "trend": [100 * fill for fill in trend or []],
        "cost": row.cost_usd if row.cost_usd or not row.unpriced else None,
        "unpriced": row.unpriced,
        "turns": row.turns,
        "requests": row.completions,
        "errors": row.errors,
        "prompt": row.prompt_tokens,
        "completion": row.completion_tokens,
        "saved": row.saved_tokens,
        "model": row.model,
        "provider": row.provider,
        "project": row.project,
        "source": row.source,
        "started": utc(row.created_at_ms),
    }
