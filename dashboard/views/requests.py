"""Every request, one row each, the latest first; a row opens what is known of it."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from addons.domain.completion import Outcome
from dashboard import data, format
from dashboard.components import address, filters
from dashboard.components.columns import DURATION, FILL, TOKENS, USD, aside, per_cent, seconds, when
from dashboard.components.export_links import export_links
from dashboard.components.pager import pager
from dashboard.components.request_totals import request_totals
from dashboard.components.table import PAGE_PX, choice
from dashboard.data import RequestFilter, RequestRow
from dashboard.i18n import _
from dashboard.pages import view

PAGE = 100


def _wanted() -> RequestFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since_ms = filters.period("7d")
        provider = filters.provider()
        model, project, kind = filters.model(provider), filters.project(), filters.kind()
        outcome = address.choice(
            "outcome", _("Outcome"), ["", *Outcome], lambda key: format.word(key) or _("All outcomes"), width=160
        )
        user = filters.user()
        proxy_id = filters.proxy(user)
        session_id = address.value("of")
        if session_id:
            st.button(_("All sessions"), help=_("Only one session's requests are shown now."), on_click=address.keep,
                      args=("of", ""))  # fmt: skip
        chosen = {"provider": provider, "model": model, "project": project, "kind": kind, "outcome": outcome}
        others = {"session": session_id, "user": user, "proxy": proxy_id}
        export_links("requests", {"since": filters.since("7d"), **chosen, **others})
    return RequestFilter(since_ms=since_ms, session_id=session_id, user=user, proxy_id=proxy_id, **chosen)


def _row(row: RequestRow) -> dict[str, Any]:
    estimated = row.prompt_tokens is None
    return {
        "at": format.utc(row.started_at_ms),
        "session": row.session_name or (_("Unnamed") if row.session_id else ""),
        "kind": format.word(row.kind),
        "provider": row.provider,
        "project": row.project,
        "proxy": row.proxy_id,
        "model": row.model,
        "outcome": format.word(row.error_class or row.outcome),
        "status": row.status,
        "prompt": row.prompt_tokens_sent if estimated else row.prompt_tokens,
        "cached": row.cached_tokens,
        "answer": row.completion_tokens,
        "counted": format.word(row.usage_source or "estimated"),
        "saved": row.masked_tokens_saved + row.compressed_tokens_saved,
        "fill": per_cent(row.context_fill),
        "cost": row.cost_usd,
        "ttfb": seconds(row.ttfb_ms),
        "took": seconds(row.duration_ms),
    }


def _columns(rows: list[RequestRow]) -> dict[str, Any]:
    """Without those that say nothing in these rows."""
    proxies = len(data.writers("", 2)) > 1
    columns = {
        "at": when(_("Started"), "MMM D, HH:mm:ss", width=112),
        "session": st.column_config.TextColumn(_("Session"), width=150),
        "model": st.column_config.TextColumn(_("Model"), width=120),
        "outcome": st.column_config.TextColumn(_("Outcome"), width=105),
        "prompt": TOKENS(_("Prompt"), width=66),
        "cached": TOKENS(_("Cached"), width=70),
        "answer": TOKENS(_("Answer"), width=66),
        "counted": st.column_config.TextColumn(_("Counted"), width=75),
        "saved": TOKENS(_("Saved"), width=82),
        "cost": USD(_("Cost"), width=68),
        "took": aside(DURATION(_("Duration"))) if proxies else DURATION(_("Duration"), width=66),
        "proxy": st.column_config.TextColumn(_("Proxy"), width=66, help=_(
            "That recorded it: its user, if it has one, and its own id, new with each start.")),
        "kind": aside(_("Kind")),
        "fill": aside(FILL(_("Context fill"))),
        "ttfb": aside(DURATION(_("First byte"))),
        "provider": aside(_("Provider")),
        "project": aside(_("Project")),
        "status": aside(st.column_config.NumberColumn(_("Status"), format="%d")),
    }  # fmt: skip
    if not any(row.project for row in rows):
        del columns["project"]
    if not proxies:
        del columns["proxy"]
    return columns


def _details(row: RequestRow) -> None:
    with st.container(border=True, key="details"):
        st.markdown(_("**The selected request**"))
        st.page_link(view("turn.py"), label=_("All about it"), query_params={"id": str(row.id)})
        if row.session_id:
            st.page_link(view("session.py"), label=_("Open its session"), query_params={"session": row.session_id})
        if row.error_message:
            st.code(row.error_message, language=None, wrap_lines=True)
        st.json({name: known for name, known in asdict(row).items() if known not in (None, "")}, expanded=True)


def _page() -> None:
    wanted = _wanted()
    found = data.request_sums(wanted)
    if not found.requests:
        filters.nothing(_("No request matches. Choose a longer period, or clear the other filters."))
        return
    request_totals(found, wanted)
    offset = pager("requests", _("{n} requests"), found.requests, PAGE)
    rows = data.requests_page(wanted, PAGE, offset)
    if (row := choice("requests", [_row(row) for row in rows], _columns(rows), rows, most_px=PAGE_PX)) is not None:
        _details(row)
    st.caption(_("Prompt, cached and answer tokens are as reported by the provider, or as the column Counted says. "
                 "Saved tokens are estimated. An empty cell is not known."))  # fmt: skip


_page()
