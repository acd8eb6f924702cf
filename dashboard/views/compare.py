"""Two sessions side by side: the same figures on the same scales, and what differs in words."""

import streamlit as st

from dashboard import compare_figures, data
from dashboard.charts.sides import costs_of_sides, fills_of_sides, parts_of_sides, sizes_of_sides
from dashboard.compare_figures import Side
from dashboard.components import address
from dashboard.components.beside import beside
from dashboard.components.chart import chart
from dashboard.components.chart_table import chart_table
from dashboard.components.columns import FILL, TOKENS, USD, per_cent
from dashboard.components.context import bar
from dashboard.components.session_heading import heading
from dashboard.components.session_picker import named_picker, other_filled_in
from dashboard.components.table import WHOLE_PX, table
from dashboard.components.tile import tile_row
from dashboard.components.tiles import tiles_of
from dashboard.data import SessionRow
from dashboard.figures import latest_in_context
from dashboard.format import UNKNOWN, tokens
from dashboard.i18n import _, n_
from dashboard.pages import view

SHOWN = 400
"""Requests of each session that are read: its latest ones."""


def _swap(left: str, right: str) -> None:
    address.keep("left", right)
    address.keep("right", left)


def _chosen() -> tuple[str, str]:
    """The latest two where the person has chosen none, so that there is something to see."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="sides"):
        other, alone = _("Latest other session"), not (address.value("left") or address.value("right"))
        left = named_picker("left", _("Left"), _("The session before") if alone else other, width=360)
        right = named_picker("right", _("Right"), _("Latest session") if alone else other, width=360)
        left, right = other_filled_in(left, right)
        st.button(_("Swap"), key="swap", on_click=_swap, args=(left, right), disabled=not (left and right))
    return left, right


def _side(session: SessionRow) -> Side:
    tail = data.session_tail(session.id, SHOWN)
    last = latest_in_context(tail.rows)
    return Side(
        session=session,
        numbered=list(enumerate(tail.rows, start=tail.total - len(tail.rows) + 1)),
        made_of=data.composition_of(last.id) if last else None,
        changes=data.prefix_changes(session.id),
    )


def _whole(name: str, side: Side) -> None:
    """One above the other, so that what is alike stands in one column."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if name == "left":
            st.badge(_("Left"), color="blue")
        else:
            st.badge(_("Right"), color="orange")
        heading(side.session)
        st.page_link(view("session.py"), label=_("Open the session"), query_params={"session": side.session.id})
    tile_row(f"tiles-{name}", tiles_of(side.session, side.rows))
    last = latest_in_context(side.rows)
    if last is None or not bar(f"bar-{name}", last):
        st.caption(_("Its context window is not known."))


def _table(left: Side, right: Side) -> None:
    lines = compare_figures.lines(left, right)
    columns = {
        "measure": st.column_config.TextColumn(_("Measure"), width=200),
        "left": st.column_config.TextColumn(_("Left"), width=90),
        "right": st.column_config.TextColumn(_("Right"), width=90),
        "difference": st.column_config.TextColumn(_("Right against left"), width=190),
        "scope": _("Counted over"),
    }
    table("differences", lines, columns, most_px=WHOLE_PX)


def _charts(left: Side, right: Side) -> None:
    one, other = beside("compare-upper")
    with one:
        st.markdown(_("**What the latest prompts are made of** · tokens, estimated"))
        parts = compare_figures.parts(left, right)
        if parts:
            chart("parts-of-sides", parts, parts_of_sides(), _("Tokens of each part of both sessions' latest prompts"))
            columns = {"part": _("Part"), "left": TOKENS(_("Left")), "right": TOKENS(_("Right"))}
            chart_table("parts-rows", compare_figures.by_part(parts), columns, UNKNOWN)
        else:
            st.caption(_("Not recorded for these sessions."))
    with other:
        st.markdown(_("**Context window at each request** · reported, else estimated"))
        chart("fills-of-sides", compare_figures.fills(left, right), fills_of_sides(),
              _("Context fill of both sessions, request by request"))  # fmt: skip
    one, other = beside("compare-lower")
    with one:
        st.markdown(_("**Tokens of each prompt** · reported, else estimated"))
        chart("sizes-of-sides", compare_figures.sizes(left, right), sizes_of_sides(),
              _("Prompt tokens of both sessions, request by request"))  # fmt: skip
    with other:
        st.markdown(_("**Cost so far** · of the requests shown that have a price"))
        chart("costs-of-sides", compare_figures.costs(left, right), costs_of_sides(),
              _("US dollars spent in both sessions, summed up request by request"))  # fmt: skip
    _requests(left, right)
    st.caption(n_("The latest request of each session.", "The latest {n} requests of each session, at most.",
                  SHOWN).format(n=tokens(SHOWN)))  # fmt: skip


def _requests(left: Side, right: Side) -> None:
    """Of the three charts that go request by request."""
    rows = [
        line | {name: per_cent(line.get(name)) for name in ("left-fill", "right-fill")}
        for line in compare_figures.by_request(left, right)
    ]
    chart_table("requests-rows", rows, {
        "number": st.column_config.NumberColumn(_("Request"), width=75),
        "left-fill": FILL(_("Context fill, left")), "right-fill": FILL(_("Context fill, right")),
        "left-prompt": TOKENS(_("Prompt, left")), "right-prompt": TOKENS(_("Prompt, right")),
        "left-usd": USD(_("Cost so far, left")), "right-usd": USD(_("Cost so far, right")),
    }, UNKNOWN)  # fmt: skip


def _missing(left: SessionRow | None, right: SessionRow | None) -> None:
    if left is None:
        st.warning(_("The session on the left does not exist. It may have been deleted, or the address is incomplete."))
    if right is None:
        st.warning(
            _("The session on the right does not exist. It may have been deleted, or the address is incomplete.")
        )
    st.page_link(view("sessions.py"), label=_("All sessions"))


def _page() -> None:
    left_id, right_id = _chosen()
    if not left_id or not right_id:
        if left_id or right_id:
            st.info(_("There is only one session with requests so far. With the next one, both are compared here."))
        else:
            st.info(_("No session yet. Two of them are compared here: side by side, on the same scales."))
        st.page_link(view("sessions.py"), label=_("All sessions"))
        return
    if left_id == right_id:
        st.info(_("The same session stands on both sides: choose another one for either."))
        return
    left_row, right_row = data.session(left_id), data.session(right_id)
    if left_row is None or right_row is None:
        _missing(left_row, right_row)
        return
    left, right = _side(left_row), _side(right_row)
    for name, side in (("left", left), ("right", right)):
        with st.container(border=True, key=f"side-{name}"):
            _whole(name, side)
    with st.container(border=True):
        st.markdown(_("**What differs** · the right session against the left one"))
        for sentence in compare_figures.sentences(left, right):
            st.text(sentence)
        _table(left, right)
    _charts(left, right)


_page()
