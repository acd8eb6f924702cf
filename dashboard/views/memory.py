"""How much of the prompts is what memory servers put there, whose it is, and what is sent again and again."""

from typing import Any, Literal

import streamlit as st

from dashboard import data, format, remembered
from dashboard.charts.memory_over_time import memory_over_time
from dashboard.charts.memory_sources import memory_sources
from dashboard.components import address, filters
from dashboard.components.behind import requests_behind
from dashboard.components.beside import beside
from dashboard.components.chart import chart
from dashboard.components.chart_table import chart_table
from dashboard.components.columns import FILL, TOKENS, per_cent, when
from dashboard.components.method import titled
from dashboard.components.table import choice
from dashboard.components.tile import Tile, tile_row
from dashboard.data import MemoryFilter, MemorySource, SegmentRow, SettingsError
from dashboard.excerpts import sendable
from dashboard.i18n import _
from dashboard.pages import view
from dashboard.remembered import Moment

POINTS, SEGMENTS = 400, 100
ORDERS: dict[str, Literal["largest", "most resent"]] = {"largest": "largest", "resent": "most resent"}
_ORDER_NAMES = {"largest": _("Largest first"), "resent": _("Sent again most often first")}


def _wanted() -> MemoryFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since_ms, provider = filters.period("30d"), filters.provider()
        return MemoryFilter(since_ms=since_ms, provider=provider, model=filters.model(provider),
                            project=filters.project(), session_id=filters.session())  # fmt: skip


def _moments(wanted: MemoryFilter) -> list[Moment]:
    """Each request of a session; of all sessions, what a span of time sums up."""
    if wanted.session_id:
        return remembered.of_points(data.memory_history(wanted, POINTS), wanted.since_ms)
    return remembered.of_periods(data.memory_over_time(wanted, filters.span_ms("30d")))


def _nothing(counted: bool) -> None:
    """What counts as memory, for who has none yet and wonders why."""
    found = _("No memory was found in the requests of this selection.")
    none = _("No request of this selection was looked at. Choose a longer period, or all sessions.")
    words = found if counted else none
    st.info(words)
    filters.clear_button()
    with st.container(border=True, key="what-counts"):
        st.markdown(_("**What counts as memory**"))
        st.markdown(_("- text between `<mcp-memory>`, `<mcp-result>` or `<mcp-tool>` tags, and in `[MEMORY]` blocks\n"
                      "- references like `@memory[…]`, and paragraphs announced as “memory from previous” sessions\n"
                      "- what a memory server's tools return"))  # fmt: skip
        st.caption(_("From 20 tokens on. The results of these servers' tools count, by their names in Continue's "
                     "config.yaml; the list is `servers` in the section [memory] of providers.toml:"))  # fmt: skip
        try:
            st.code(", ".join(data.settings_in_use().memory.servers), language=None, wrap_lines=True)
        except SettingsError as error:
            st.text(str(error))


def _tiles(moments: list[Moment], sources: list[MemorySource], wanted: MemoryFilter) -> None:
    requests = sum(moment.requests for moment in moments)
    sent = sum(source.sent_tokens for source in sources)
    again = sent - sum(source.tokens for source in sources)
    share = format.percent(again / sent if sent else None)
    highest = max((moment.ratio for moment in moments if moment.ratio is not None), default=None)
    tile_row("memory", [
        Tile(_("Memory ratio"), format.percent(remembered.ratio(moments)),
             _("{n} requests · estimated").format(n=format.tokens(requests)),
             _("Tokens that memory servers put into the prompts, over all prompt tokens, both as sent."),
             requests_behind(wanted, _("Their requests"))),
        Tile(_("Highest"), format.percent(highest), _("in one point of the chart · estimated"),
             _("The largest ratio of a request, or of a span of time, in this selection.")),
        Tile(_("Memory sent"), format.tokens(sum(moment.memory_tokens for moment in moments)),
             _("tokens, this selection · estimated"), _("In all requests together, so each time it was sent.")),
        Tile(_("Segments"), format.tokens(sum(source.segments for source in sources)),
             _("different texts, once a session"), _("Only a text's hash, size and origin are stored.")),
        Tile(_("Sent again"), format.tokens(again if sources else None),
             _("{share} of the segments' tokens · as received").format(share=share),
             _("Tokens of segments that an earlier request of the session had held already. Over the whole life of the "
               "segments seen in this selection, and as the IDE sent them: what is masked is not forwarded.")),
    ])  # fmt: skip


def _over_time(moments: list[Moment]) -> None:
    titled(_("**Memory ratio over time**"), reported=False)
    rows = remembered.ratios(moments)
    chart("memory", rows, memory_over_time(), _("Share of memory in the prompts over time"))
    columns = {"at": when(_("From"), "MMM D, HH:mm"), "percent": FILL(_("Memory ratio")), "memory": TOKENS(_("Memory")),
               "prompt": TOKENS(_("Prompt")), "requests": TOKENS(_("Requests"))}  # fmt: skip
    chart_table("memory-rows", [row | {"percent": per_cent(row["ratio"])} for row in rows], columns, format.UNKNOWN)


def _sources(rows: list[MemorySource]) -> None:
    titled(_("**By server and type**"), reported=False)
    if not rows:
        st.caption(_("No segment of this selection is recorded: the requests come from before segments were."))
        return
    chart("sources", remembered.sources(rows), memory_sources(), _("Memory tokens by server and type, new and again"))
    columns = {
        "server": st.column_config.TextColumn(_("Server"), width=150),
        "type": _("Type"),
        "segments": TOKENS(_("Segments")),
        "tokens": TOKENS(_("Tokens once")),
        "sent": TOKENS(_("Tokens as sent")),
    }
    table = [
        {"server": sendable(row.server) or None, "type": row.type, "segments": row.segments, "tokens": row.tokens,
         "sent": row.sent_tokens}
        for row in rows
    ]  # fmt: skip
    chart_table("sources-rows", table, columns, _("not named"))


def _segment(row: SegmentRow) -> dict[str, Any]:
    return {
        "server": sendable(row.server) or None,
        "type": row.type,
        "tokens": row.tokens,
        "sent": row.sent,
        "again": row.resent_tokens,
        "first": format.utc(row.first_seen_ms),
        "last": format.utc(row.last_seen_ms),
        "session": sendable(row.session_name) or _("Unnamed"),
    }


def _segments(wanted: MemoryFilter) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(_("**Segments**"), width="stretch")
        order = address.choice("order", _("Order"), list(ORDERS), _ORDER_NAMES.__getitem__, "largest", width=240)
    rows = data.memory_segments(wanted, ORDERS[order], SEGMENTS)
    columns = {
        "server": st.column_config.TextColumn(_("Server"), width=130),
        "type": _("Type"),
        "tokens": TOKENS(_("Tokens")),
        "sent": TOKENS(_("Requests"), help=_("That had it, the first one included.")),
        "again": TOKENS(_("Tokens sent again")),
        "first": when(_("First seen"), "MMM D, HH:mm"),
        "last": when(_("Last seen"), "distance"),
        "session": st.column_config.TextColumn(_("Session"), width=230),
    }
    row = choice("segments", [_segment(row) for row in rows], columns, rows, unknown=_("not named"))
    if row is not None:
        with st.container(horizontal=True, key="segment"):
            st.page_link(view("session.py"), label=_("Open its session"), query_params={"session": row.session_id})
            st.page_link(view("memory.py"), label=_("Memory of its session"), query_params={"of": row.session_id})


def _page() -> None:
    wanted = _wanted()
    moments, sources = _moments(wanted), data.memory_sources(wanted)
    if not sources and not any(moment.memory_tokens for moment in moments):
        _nothing(counted=bool(moments))
        return
    _tiles(moments, sources, wanted)
    one, other = beside("charts")
    with one:
        _over_time(moments)
    with other:
        _sources(sources)
    if sources:
        with st.container(border=True):
            _segments(wanted)
    st.caption(_("Tokens are estimated. A segment is told from others by the hash of its text; its text is not stored. "
                 "A segment that changes, if only a little, counts as another."))  # fmt: skip


_page()
