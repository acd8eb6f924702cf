"""Summaries in the place of old exchanges: what one would do now, and what each of them has done."""

from typing import Any

import streamlit as st

from addons.domain.compression.summary import HEURISTIC, content
from addons.domain.kinds import Kind
from dashboard import data, format, told
from dashboard.charts.compressions import compressions
from dashboard.components import compress_now, filters
from dashboard.components.behind import requests_behind, savings_behind
from dashboard.components.chart import chart
from dashboard.components.columns import FILL, TOKENS, USD, aside, per_cent, when
from dashboard.components.method import titled
from dashboard.components.table import choice, table
from dashboard.components.tile import Tile, tile_row
from dashboard.data import CompressionFilter, CompressionRow, CompressionSums
from dashboard.excerpts import sendable
from dashboard.i18n import _
from dashboard.pages import view

SHOWN, NOTES = 200, 100


def _wanted() -> CompressionFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return CompressionFilter(
            since_ms=filters.period("30d"), provider=filters.provider(), session_id=filters.session()
        )  # fmt: skip


def _ratio(row: CompressionRow) -> float | None:
    before = row.summary.prompt_tokens_before
    return row.summary.prompt_tokens_after / before if before else None


def _tiles(rows: list[CompressionRow], sums: CompressionSums, wanted: CompressionFilter) -> None:
    before = sum(row.summary.prompt_tokens_before for row in rows)
    after = sum(row.summary.prompt_tokens_after for row in rows)
    active = sum(row.summary.active for row in rows)
    calls = _("{n} calls of a model · list prices").format(n=format.tokens(sums.calls))
    if sums.unpriced:
        calls = _("{n} of {m} calls have a price").format(n=format.tokens(sums.calls - sums.unpriced),
                                                          m=format.tokens(sums.calls))  # fmt: skip
    unknown = sums.calls > 0 and sums.calls == sums.unpriced
    tile_row("compressions", [
        Tile(_("Compressions"), format.tokens(len(rows)),
             _("{n} in use now").format(n=format.tokens(active)),
             _("A summary is in use until a message it stands for is edited, or the next one takes its place.")),
        Tile(_("Tokens kept out"), format.tokens(sums.saved_tokens),
             _("{n} requests · estimated").format(n=format.tokens(sums.requests)),
             _("By summaries, in all answered requests together: a summary saves anew each time it is sent."),
             savings_behind(wanted, _("Their savings"))),
        Tile(_("Left of a request"), format.percent(after / before if before else None),
             _("after ÷ before · estimated"), _("Of the requests that were compressed first.")),
        Tile(_("Cost of summaries"), format.usd(None if unknown else sums.cost_usd), calls,
             _("What models took to write them. It counts against what they save."),
             requests_behind(wanted, _("Cost of each"), kind=Kind.COMPRESSION)),
    ])  # fmt: skip


def _history(rows: list[CompressionRow]) -> None:
    titled(_("**Requests before and after** · a line for each compression"), reported=False)
    points = [
        {
            "at": row.summary.created_at_ms,
            "before": row.summary.prompt_tokens_before,
            "after": row.summary.prompt_tokens_after,
            "ratio": _ratio(row),
        }
        for row in reversed(rows)
    ]
    chart("compressions", points, compressions(), _("Tokens of a request before and after each compression, over time"))


def _row(row: CompressionRow) -> dict[str, Any]:
    made = row.summary
    return {
        "at": format.utc(made.created_at_ms),
        "session": sendable(row.session_name) or _("Unnamed"),
        "trigger": format.word(str(made.trigger)),
        "messages": made.messages,
        "before": made.prompt_tokens_before,
        "after": made.prompt_tokens_after,
        "ratio": per_cent(_ratio(row)),
        "fill": per_cent(made.prompt_tokens_before / made.context_window if made.context_window else None),
        "filled": per_cent(made.prompt_tokens_after / made.context_window if made.context_window else None),
        "writer": _("no model") if made.writer == HEURISTIC else sendable(made.writer),
        "cost": made.cost_usd,
        "active": made.active,
        "kept": made.kept_exchanges,
        "provider": row.provider,
    }


def _columns() -> dict[str, Any]:
    return {
        "at": when(_("At"), "MMM D, HH:mm:ss", width=112),
        "session": st.column_config.TextColumn(_("Session"), width=190),
        "trigger": st.column_config.TextColumn(_("Trigger"), width=95),
        "messages": TOKENS(_("Messages"), width=78, help=_("That the summary stands for.")),
        "before": TOKENS(_("Before"), width=66, help=_("Tokens of the whole request, estimated.")),
        "after": TOKENS(_("After"), width=66, help=_("Tokens of the whole request, estimated.")),
        "ratio": FILL(_("Left of it"), width=100),
        "writer": st.column_config.TextColumn(_("Written by"), width=130),
        "cost": USD(_("Cost"), width=68),
        "active": st.column_config.CheckboxColumn(_("In use"), width=75),
        "fill": aside(FILL(_("Fill before"))),
        "filled": aside(FILL(_("Fill after"))),
        "kept": aside(TOKENS(_("Exchanges kept"))),
        "provider": aside(_("Provider")),
    }


def _log(rows: list[CompressionRow]) -> None:
    st.markdown(_("**Log** · choose one to read its summary"))
    if (row := choice("log", [_row(row) for row in rows], _columns(), rows)) is not None:
        _open(row)


def _facts(row: CompressionRow) -> str:
    """In our own words: what the table leaves aside."""
    made = row.summary
    kept = _("{n} exchanges kept").format(n=format.tokens(made.kept_exchanges))
    if not made.context_window:
        return kept
    before, after = (n / made.context_window for n in (made.prompt_tokens_before, made.prompt_tokens_after))
    fill = _("context fill {before} before, {after} after · estimated")
    return kept + " · " + fill.format(before=format.percent(before), after=format.percent(after))


def _open(row: CompressionRow) -> None:
    with st.container(border=True, key="summary"):
        st.text(sendable(row.session_name) or _("Unnamed session"))
        st.text(_facts(row))
        compress_now.text(content(row.summary))
        with st.container(horizontal=True):
            if row.completion_id is not None:
                st.page_link(view("turn.py"), label=_("Open its first request"),
                             query_params={"id": str(row.completion_id)})  # fmt: skip
            st.page_link(view("session.py"), label=_("Open its session"),
                         query_params={"session": row.summary.session_id})  # fmt: skip


def _notes(wanted: CompressionFilter) -> None:
    notes = data.compression_notes(wanted, NOTES)
    if not notes:
        return
    with st.expander(_("What happened, step by step")):
        rows = [
            {"at": format.utc(note.at_ms), "level": format.word(note.level),
             "message": sendable(told.compression(note)),
             "session": sendable(note.session_name) or _("Unnamed")}
            for note in notes
        ]  # fmt: skip
        columns = {
            "at": when(_("At"), "MMM D, HH:mm:ss"),
            "level": _("Level"),
            "message": st.column_config.TextColumn(_("What"), width=620),
            "session": st.column_config.TextColumn(_("Session"), width=220),
        }
        table("notes", rows, columns)


def _page() -> None:
    with st.container(border=True):
        compress_now.compress_now()
    wanted = _wanted()
    rows, sums = data.compressions(wanted, SHOWN), data.compression_sums(wanted)
    if rows:
        _tiles(rows, sums, wanted)
        with st.container(border=True):
            _history(rows)
        _log(rows)
    else:
        st.info(_("Nothing was compressed in this selection. It happens by itself when a context window fills up, as "
                  "the settings say, or when you ask for it above."))  # fmt: skip
        filters.clear_button()
        st.page_link(view("settings.py"), label=_("Settings"))
    _notes(wanted)


_page()
