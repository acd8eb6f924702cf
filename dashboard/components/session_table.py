"""The latest requests of a session as a table: the same figures as in the charts, to read and to copy."""

from typing import Any

import streamlit as st

from dashboard.components.columns import DURATION, FILL, TOKENS, USD, per_cent, seconds, when
from dashboard.data import LiveRow
from dashboard.figures import prompt
from dashboard.format import UNKNOWN, utc
from dashboard.i18n import _
from dashboard.tail import SessionTail

ROWS = 12


def table(tail: SessionTail) -> None:
    st.markdown(_("**Latest requests**"))
    rows = [_row(number, row) for number, row in reversed(tail.numbered()[-ROWS:])]
    columns = {
        "number": st.column_config.NumberColumn(_("No."), width=60),
        "turn": st.column_config.NumberColumn(_("Turn"), width=60),
        "at": when(_("Started")),
        "kind": _("Kind"),
        "model": _("Model"),
        "outcome": _("Outcome"),
        "prompt": TOKENS(_("Prompt")),
        "cached": TOKENS(_("Cached")),
        "answer": TOKENS(_("Answer")),
        "source": _("Counted"),
        "fill": FILL(_("Context fill")),
        "cost": USD(_("Cost")),
        "ttfb": DURATION(_("First byte")),
        "took": DURATION(_("Duration")),
    }
    st.dataframe(rows, column_config=columns, hide_index=True, placeholder=UNKNOWN, key="latest")


def _row(number: int, row: LiveRow) -> dict[str, Any]:
    return {
        "number": number,
        "turn": row.turn,
        "at": utc(row.started_at_ms),
        "kind": row.kind,
        "model": row.model,
        "outcome": row.error_class or row.outcome,
        "prompt": prompt(row),
        "cached": row.cached_tokens,
        "answer": row.completion_tokens,
        "source": row.usage_source or "estimated",
        "fill": per_cent(row.context_fill),
        "cost": row.cost_usd,
        "ttfb": seconds(row.ttfb_ms),
        "took": seconds(row.duration_ms),
    }
