"""The latest requests of a session as a table: the same figures as in the charts, to read and to copy."""

from typing import Any

import streamlit as st

from dashboard.components.columns import DURATION, FILL, TOKENS, USD, aside, per_cent, seconds, when
from dashboard.components.leading import lead
from dashboard.components.table import WHOLE_PX, chooser
from dashboard.data import LiveRow
from dashboard.figures import prompt
from dashboard.format import utc, word
from dashboard.i18n import _
from dashboard.tail import SessionTail

ROWS = 12
CHOSEN = "turn-chosen"
"""In the session state: the request whose row was clicked, until its page opens."""


def table(tail: SessionTail) -> None:
    st.markdown(_("**Latest requests** · choose one to see all about it"))
    latest = tail.numbered()[: -ROWS - 1 : -1]
    rows = [_row(number, row) for number, row in latest]
    columns = {
        "number": st.column_config.NumberColumn(_("No."), width=48),
        "turn": st.column_config.NumberColumn(_("Turn"), width=50),
        "at": when(_("Started"), width=72),
        "model": st.column_config.TextColumn(_("Model"), width=120),
        "outcome": st.column_config.TextColumn(_("Outcome"), width=90),
        "prompt": TOKENS(_("Prompt"), width=66),
        "cached": TOKENS(_("Cached"), width=70),
        "answer": TOKENS(_("Answer"), width=66),
        "source": st.column_config.TextColumn(_("Counted"), width=68),
        "fill": FILL(_("Context fill"), width=100),
        "cost": USD(_("Cost"), width=68),
        "ttfb": DURATION(_("First byte"), width=94),
        "took": DURATION(_("Duration"), width=64),
        "kind": aside(_("Kind")),
    }

    chooser("latest", rows, columns, [row for _number, row in latest], _choose, most_px=WHOLE_PX)
    if CHOSEN in st.session_state:
        st.rerun()


def _choose(rows: list[LiveRow]) -> None:
    for row in rows:
        st.session_state[CHOSEN] = row.id


def open_chosen() -> None:
    """On the page itself: a page that a fragment switches to stays empty, since the next refresh stops it."""
    if (chosen := st.session_state.pop(CHOSEN, None)) is not None:
        lead("turn.py", {"id": str(chosen)})


def _row(number: int, row: LiveRow) -> dict[str, Any]:
    return {
        "number": number,
        "turn": row.turn,
        "at": utc(row.started_at_ms),
        "kind": word(row.kind),
        "model": row.model,
        "outcome": word(row.error_class or row.outcome),
        "prompt": prompt(row),
        "cached": row.cached_tokens,
        "answer": row.completion_tokens,
        "source": word(row.usage_source or "estimated"),
        "fill": per_cent(row.context_fill),
        "cost": row.cost_usd,
        "ttfb": seconds(row.ttfb_ms),
        "took": seconds(row.duration_ms),
    }
