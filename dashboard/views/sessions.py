"""All sessions, with their own counters; a row leads to the session's page."""

from typing import Any

import streamlit as st

from dashboard import data, format
from dashboard.components import address, filters
from dashboard.components.columns import FILL, TOKENS, USD, per_cent, when
from dashboard.components.export_links import export_links, report_link
from dashboard.components.pager import pager
from dashboard.components.session_actions import generation, outcome, session_actions
from dashboard.data import SessionFilter, SessionRow
from dashboard.i18n import _
from dashboard.pages import view

PAGE = 50
ROW_PX, ROWS_SEEN = 35, 16
CHOSEN = "session-chosen"  # in the session state: the id of the row that was clicked


def _wanted() -> SessionFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since_ms = filters.period("30d")
        provider = filters.provider()
        text = address.text("q", _("Name, project or model"))
        if not text:  # the search is for sessions; an export is of requests
            export_links("sessions", {"since": filters.since("30d"), "provider": provider})
    return SessionFilter(since_ms=since_ms, provider=provider, text=text)


def _row(row: SessionRow) -> dict[str, Any]:
    return {
        "pinned": row.pinned,
        "name": row.name or _("Unnamed"),
        "project": row.project,
        "model": row.model,
        "provider": row.provider,
        "seen": format.utc(row.last_seen_ms),
        "turns": row.turns,
        "requests": row.completions,
        "errors": row.errors,
        "fill": per_cent(row.context_fill),
        "prompt": row.prompt_tokens,
        "saved": row.saved_tokens,
        "cost": row.cost_usd if row.cost_usd or not row.unpriced else None,
        "unpriced": row.unpriced,
    }


def _height(rows: list[SessionRow]) -> int:
    return min(ROWS_SEEN, len(rows) + 1) * ROW_PX + 3


def _table(rows: list[SessionRow]) -> None:
    columns = {
        "pinned": st.column_config.CheckboxColumn(_("Pinned")),
        "name": st.column_config.TextColumn(_("Session"), width=300),
        "seen": when(_("Last seen"), "distance"),
        "fill": FILL(_("Context fill")),
        "cost": USD(_("Cost")),
        "unpriced": TOKENS(_("No price"), help=_("Requests whose price is not known; they are not in the cost.")),
        "turns": TOKENS(_("Turns")),
        "requests": TOKENS(_("Requests")),
        "errors": TOKENS(_("Errors")),
        "prompt": TOKENS(_("Prompt tokens")),
        "saved": TOKENS(_("Tokens saved")),
        "model": _("Model"),
        "provider": _("Provider"),
        "project": _("Project"),
    }
    for name in ("pinned", "project", "unpriced"):
        if not any(getattr(row, name) for row in rows):
            del columns[name]
    key = f"sessions-{generation()}"

    def choose() -> None:
        """Runs before the list is read anew, which may move the rows: this is the one that the person saw."""
        at = next(iter(st.session_state[key]["selection"]["rows"]), None)
        st.session_state[CHOSEN] = rows[at].id if at is not None and at < len(rows) else None

    st.dataframe(
        [_row(row) for row in rows],
        column_config=columns,
        column_order=list(columns),
        height=_height(rows),
        hide_index=True,
        placeholder=format.UNKNOWN,
        on_select=choose,
        selection_mode="single-row",
        key=key,
    )


def _open(row: SessionRow) -> None:
    every = {"of": row.id, "period": "all"}
    with st.container(border=True, key="selected"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(row.name or _("Unnamed"))
            st.page_link(view("session.py"), label=_("Open the session"), query_params={"session": row.id})
            st.page_link(view("requests.py"), label=_("Its requests"), query_params=every)
            st.page_link(view("savings.py"), label=_("Its savings"), query_params=every)
            st.page_link(view("masked.py"), label=_("What it masks"), query_params=every)
            export_links("session", {"session": row.id})
            report_link(row.id)
        session_actions(row)


def _page() -> None:
    wanted = _wanted()
    outcome()
    total = data.sessions_count(wanted)
    if not total:
        st.info(_("No session matches. Choose a longer period, or clear the other filters."))
        st.page_link(view("set_up.py"), label=_("Set up the proxy and your editor"))
        return
    offset = pager("sessions", _("{n} sessions"), total, PAGE)
    _table(data.sessions_latest(wanted, PAGE, offset))
    chosen = st.session_state.get(CHOSEN)
    if chosen and (row := data.session(chosen)):
        _open(row)
    st.caption(_("Counters of the whole session. Context fill is of its latest request; prompt tokens are as reported, "
                 "else estimated; an empty cost means that no price is known."))  # fmt: skip


_page()
