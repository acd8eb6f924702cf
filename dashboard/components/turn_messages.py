"""The messages of one request that weigh most: what was decided about each, and where its original is."""

from typing import Any

import streamlit as st

from addons.domain.composition import IN_USE, MASKED, STALE, STAYS, WORDS, Large
from dashboard import data, filling_figures
from dashboard.charts.series import SERIES
from dashboard.components.columns import FILL, TOKENS
from dashboard.components.method import titled
from dashboard.data import TurnRow
from dashboard.excerpts import sendable
from dashboard.format import tokens
from dashboard.i18n import N_, _, n_
from dashboard.pages import view

DECIDED = {
    MASKED: N_("masked"),
    STALE: N_("kept · the model has used it"),
    IN_USE: N_("kept · in use"),
    WORDS: N_("kept · your own words"),
    STAYS: N_("kept"),
}


def largest(row: TurnRow) -> None:
    found = data.composition_of(row.id)
    if found is None or not found.largest:
        return
    with st.container(border=True, key="messages"):
        titled(_("**The largest messages, and what was decided about them**"), reported=False)
        _table(row, found.largest, sum(found.parts.values()))
        if row.message_count is not None:
            st.caption(n_("Of {n} message; the sizes of the others are not recorded one by one.",
                          "Of {n} messages; the sizes of the others are not recorded one by one.",
                          row.message_count).format(n=tokens(row.message_count)))  # fmt: skip
        if row.compressed_tokens_saved:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(_("A summary stood for its oldest messages, **{n}** tokens shorter.").format(
                    n=tokens(row.compressed_tokens_saved)))  # fmt: skip
                st.page_link(view("compression.py"), label=_("Its session's summaries"),
                             query_params={"of": row.session_id or "", "period": "all"})  # fmt: skip


def _table(row: TurnRow, found: tuple[Large, ...], total: int) -> None:
    masked = tuple(large.key for large in found if large.advice == MASKED)
    tags = data.original_tags(row.session_id, masked) if row.session_id and masked else {}
    chosen = st.dataframe(
        [_line(large, total) for large in found],
        column_config={
            "place": st.column_config.TextColumn(_("Message"), width=130),
            "role": _("Role"),
            "what": _("What it is"),
            "tool": st.column_config.TextColumn(_("Tool"), width=170),
            "tokens": TOKENS(_("Tokens")),
            "share": FILL(_("Of the prompt")),
            "decided": st.column_config.TextColumn(_("Decision"), width=220),
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="largest",
    )
    for at in chosen["selection"]["rows"]:
        if at < len(found) and (tag := tags.get(found[at].key)):
            st.page_link(view("masked.py"), label=_("Open the original"), query_params={"digest": tag})


def _line(large: Large, total: int) -> dict[str, Any]:
    return {
        "place": filling_figures.place(large.index),
        "role": large.role,
        "what": _(SERIES.get(large.what, "")),
        "tool": sendable(large.tool),
        "tokens": large.tokens,
        "share": 100 * large.tokens / total if total else None,
        "decided": _(DECIDED.get(large.advice, "")),
    }
