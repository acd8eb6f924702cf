"""An original beside the digest that is forwarded in its place: captured text, shown as it is and never rendered."""

import streamlit as st

from dashboard.components.columns import TOKENS, when
from dashboard.components.table import table
from dashboard.data import StoredOriginal, Use
from dashboard.excerpts import pages, sendable
from dashboard.format import number, utc, word
from dashboard.i18n import _

TEXT_PX = 520


def about(found: StoredOriginal) -> None:
    facts = [word(found.kind), found.tool, found.path]
    facts.append(_("{n} lines, {m} tokens (estimated), {k} bytes").format(
        n=number(found.lines), m=number(found.tokens), k=number(found.size_bytes)))  # fmt: skip
    st.text(sendable(" · ".join(fact for fact in facts if fact)))
    st.code(found.tag, language=None)


def comparison(found: StoredOriginal, use: Use | None) -> None:
    """:param use: the place whose digest is shown; None where no decision is recorded."""
    left, right = st.columns(2)
    with left:
        st.markdown(_("**Original** · kept here, not sent"))
        _paged("original", found.tag, found.text)
    with right:
        st.markdown(_("**Digest** · sent in its place"))
        if use is None:
            st.caption(_("No digest is recorded for it: the request it was taken out of may not have been sent."))
        else:
            _paged("digest", found.tag, use.digest)


def _paged(key: str, tag: str, text: str) -> None:
    parts = pages(text)
    shown = st.container(key=f"captured-{key}")
    at = st.pagination(len(parts), key=f"page-{key}-{tag}") if len(parts) > 1 else 1
    with shown:
        st.code(sendable(parts[min(at, len(parts)) - 1]), language=None, wrap_lines=True, height=TEXT_PX)


def places(uses: list[tuple[str, Use]]) -> None:
    """Where the digest is forwarded. Captured names, hence a table."""
    st.markdown(_("**Where it is masked**"))
    rows = [
        {
            "session": sendable(name) or _("Unnamed"),
            "reason": word(use.reason),
            "at": utc(use.decided_at_ms),
            "before": use.tokens_before,
            "after": use.tokens_after,
            "saved": use.tokens_before - use.tokens_after,
        }
        for name, use in uses
    ]
    table("places", rows, {
        "session": _("Session"),
        "reason": _("Reason"),
        "at": when(_("Decided"), "MMM D, HH:mm:ss"),
        "before": TOKENS(_("Tokens before")),
        "after": TOKENS(_("Tokens after")),
        "saved": TOKENS(_("Saved a request")),
    })  # fmt: skip
