"""What is left of each limit now, and who waits for one: kept up to date by itself."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import data, format
from dashboard.charts.headroom import headroom_bars
from dashboard.components.boundary import boundary
from dashboard.components.chart import chart
from dashboard.components.columns import FILL, TOKENS, per_cent, when
from dashboard.components.strip import is_alive
from dashboard.components.table import table
from dashboard.components.tile import Tile, tile_row
from dashboard.excerpts import sendable
from dashboard.format import now_ms
from dashboard.headroom import LOW, Headroom, headroom, waiting
from dashboard.i18n import _
from dashboard.told import limit_name


@st.fragment(run_every="2s")
def limits_now(provider: str) -> None:
    """:param provider: "" for all."""
    with boundary():
        now = now_ms()
        rows = [headroom(row, now) for row in data.limits_seen() if provider in ("", row.provider)]
        rows.sort(key=lambda one: (one.share is None, one.share, one.row.provider))
        waits = waiting(sign for sign in data.proxy_signs() if is_alive(sign, now))
        waits = [wait for wait in waits if provider in ("", wait["provider"])]
        _tiles(rows, waits, now)
        with st.container(border=True):
            _limits(rows, now)
        if waits:
            with st.container(border=True):
                _waits(waits)


def _tiles(rows: Sequence[Headroom], waits: Sequence[dict[str, Any]], now: int) -> None:
    known = [one for one in rows if one.share is not None]
    low = sum(one.level != "enough" for one in known)
    least = format.percent(known[0].share) if known else format.UNKNOWN
    whose = format.label(known[0].row.provider) if known else _("no limit is known")
    longest = format.duration(max(0, now - waits[0]["since_ms"])) if waits else format.UNKNOWN
    tile_row("headroom", [
        Tile(_("Least headroom"), least, whose, _("Of all known limits, the one with the smallest share left.")),
        Tile(_("Nearly used up"), format.tokens(low),
             _("of {n} limits, less than {share} left").format(n=len(known), share=format.percent(LOW)),
             _("Shown in orange below 25 %, in red below 10 %.")),
        Tile(_("Waiting now"), format.tokens(len(waits)), _("longest {time}").format(time=longest),
             _("Requests that the proxy holds back until the provider takes them.")),
    ])  # fmt: skip


def _label(one: Headroom) -> str:
    whose = f"{one.row.provider} {one.row.model}".strip()
    return sendable(" · ".join([whose, limit_name(one.row.kind), format.word(one.row.basis)]))


def _limits(rows: Sequence[Headroom], now: int) -> None:
    st.markdown(_("**What is left of each limit**"))
    if not rows:
        st.caption(_("No limit is known yet: the providers tell in their answers, and the settings can set some."))
        return
    bars = [
        {
            "label": _label(one),
            "place": place, "share": one.share, "level": one.level, "remaining": one.remaining, "limit": one.row.limit,
        }
        for place, one in enumerate(rows)
        if one.share is not None
    ]  # fmt: skip
    if bars:
        chart("headroom", bars, headroom_bars(), _("Share left of each limit: green, orange below a quarter, red below "
                                                   "a tenth"))  # fmt: skip
    columns = {
        "provider": _("Provider"),
        "model": st.column_config.TextColumn(_("Model"), width=135, help=_("Empty: shared by all models.")),
        "kind": st.column_config.TextColumn(_("Limit"), width=140),
        "share": FILL(_("Left of it"), width=95),
        "left": TOKENS(_("Remaining")),
        "limit": TOKENS(_("Of")),
        "reset": when(_("Whole again"), "MMM D, HH:mm"),
        "full": when(_("Used up"), "MMM D, HH:mm"),
        "basis": st.column_config.TextColumn(_("Whose number"), help=_("Reported by the provider, or counted here.")),
        "seen": when(_("Seen"), "MMM D, HH:mm"),
    }
    table("limits", [_row(one, now) for one in rows], columns)


def _row(one: Headroom, now: int) -> dict[str, Any]:
    row = one.row
    return {
        "provider": sendable(row.provider),
        "model": sendable(row.model),
        "kind": limit_name(one.row.kind),
        "share": per_cent(one.share),
        "left": one.remaining,
        "limit": row.limit,
        "reset": format.utc(row.reset_at_ms) if row.reset_at_ms and row.reset_at_ms > now else None,
        "full": format.utc(row.full_at_ms) if row.full_at_ms and row.full_at_ms > now else None,
        "basis": format.word(row.basis),
        "seen": format.utc(row.seen_at_ms),
    }


def _waits(waits: Sequence[dict[str, Any]]) -> None:
    st.markdown(_("**Waiting now**"))
    rows = [
        {
            "since": format.utc(wait["since_ms"]),
            "until": format.utc(wait["until_ms"]),
            "provider": sendable(wait["provider"]),
            "model": sendable(wait["model"]),
            "session": sendable(wait["session_id"] or ""),
        }
        for wait in waits
    ]
    columns = {
        "since": when(_("Since")),
        "until": when(_("Expected to go on")),
        "provider": _("Provider"),
        "model": _("Model"),
        "session": _("Session"),
    }
    table("waits", rows, columns)
