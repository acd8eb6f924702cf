"""What needed telling, the latest first; what is known can be acknowledged."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from addons.domain.events import Level
from dashboard import data, format, told
from dashboard.components import address, command, filters
from dashboard.components.columns import when
from dashboard.components.pager import pager
from dashboard.components.table import PAGE_PX, choice
from dashboard.data import AlertFilter, AlertRow
from dashboard.excerpts import sendable
from dashboard.i18n import _
from dashboard.pages import view

PLACE = "alerts"
PAGE = 100
SELDOM = ("acknowledged", "sent", "error")
MESSAGE_PX, SELDOM_PX = 530, 105
"""Widths: together with the other columns those of a page 1,400 px wide, whatever few alerts have."""
STATES = {"": _("Open and acknowledged"), "open": _("Open only")}


def _wanted() -> AlertFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return AlertFilter(
            since_ms=filters.period("30d"),
            level=filters.level(150),
            provider=filters.provider(),
            open_only=address.choice("state", _("State"), list(STATES), STATES.__getitem__, width=210) == "open",
        )


def _row(row: AlertRow) -> dict[str, Any]:
    return {
        "at": format.utc(row.at_ms),
        "level": format.word(row.level),
        "message": sendable(told.alert(row)),
        "acknowledged": format.utc(row.acknowledged_at_ms),
        "provider": sendable(row.provider),
        "rule": sendable(told.rule_name(row.rule)),
        "sent": format.utc(row.sent_at_ms),
        "error": sendable(row.send_error),
    }


def _columns(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of what few alerts have only those that say something: the others would cut the alert's own words."""
    seldom = [name for name in SELDOM if any(line[name] for line in lines)]
    columns = {
        "at": when(_("At"), "MMM D, HH:mm:ss", width=112),
        "level": st.column_config.TextColumn(_("Level"), width=100),
        "message": st.column_config.TextColumn(_("What"), width=MESSAGE_PX - SELDOM_PX * len(seldom)),
        "acknowledged": when(_("Acknowledged"), "MMM D, HH:mm", width=SELDOM_PX),
        "rule": st.column_config.TextColumn(_("Rule"), width=140),
        "provider": st.column_config.TextColumn(_("Provider"), width=98),
        "sent": when(_("Sent"), "MMM D, HH:mm", width=SELDOM_PX),
        "error": st.column_config.TextColumn(_("Not sent because"), width=SELDOM_PX),
    }
    return {name: column for name, column in columns.items() if name not in SELDOM or name in seldom}


def _badge(row: AlertRow) -> None:
    match row.level:
        case Level.CRITICAL:
            st.badge(_("critical"), color="red")
        case Level.WARNING:
            st.badge(_("warning"), color="orange")
        case _other:
            st.badge(_("info"), color="blue")


def _details(row: AlertRow) -> None:
    with st.container(border=True, key="details"):
        with st.container(horizontal=True, vertical_alignment="center"):
            _badge(row)
            st.text(sendable(told.alert(row)), width="stretch")
            if row.acknowledged_at_ms is None:
                st.button(_("Acknowledge"), type="primary", key=f"acknowledge-{row.id}", on_click=_acknowledge,
                          args=(row.id,))  # fmt: skip
        if row.session_id:
            st.page_link(view("session.py"), label=_("Open its session"), query_params={"session": row.session_id})
        if row.send_error:
            st.code(sendable(row.send_error), language=None, wrap_lines=True)
        if row.data:
            st.json(dict(row.data), expanded=True)


def _acknowledge(alert_id: int) -> None:
    command.ask(PLACE, "acknowledge_alert", {"alert_id": alert_id}, _("The alert is acknowledged."))


def _acknowledge_all() -> None:
    command.ask(PLACE, "acknowledge_alert", {"all": True}, _("All alerts are acknowledged."))


def _page() -> None:
    wanted = _wanted()
    command.told(PLACE)
    unseen = data.alert_open_count()
    if unseen:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(_("{n} not acknowledged, of all times").format(n=format.tokens(unseen)), width="content")
            st.button(_("Acknowledge all"), key="acknowledge-all", on_click=_acknowledge_all)
    total = data.alert_count(wanted)
    if not total:
        st.info(_("No alert in this selection. The rules are in the settings, and so is where alerts are sent."))
        filters.clear_button()
        st.page_link(view("settings.py"), label=_("Settings"))
        return
    rows = data.alert_rows(wanted, PAGE, pager("alerts", _("{n} alerts"), total, PAGE))
    key = f"alerts-{wanted.open_only}-{unseen}"
    lines = [_row(row) for row in rows]
    if (row := choice(key, lines, _columns(lines), rows, most_px=PAGE_PX)) is not None:
        _details(row)


_page()
