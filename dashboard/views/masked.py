"""What was taken out of requests: where, why, what stands there now, and the original itself."""

from typing import Any

import streamlit as st

from dashboard import data, format
from dashboard.components import address, comparison, filters
from dashboard.components.columns import TOKENS, aside, when
from dashboard.components.masked_totals import masked_totals
from dashboard.components.pager import pager
from dashboard.components.table import PAGE_PX, chooser
from dashboard.data import Hit, MaskedFilter, MaskedRow, Refused
from dashboard.excerpts import sendable
from dashboard.i18n import _
from dashboard.pages import view

PAGE, HITS = 50, 30
DIGEST = "digest"
"""In the address: the original that is shown. A row chosen in the table writes it there."""


def _wanted() -> MaskedFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return MaskedFilter(
            since_ms=filters.period("30d"),
            provider=filters.provider(),
            session_id=filters.session(),
            kind=address.choice("of_kind", _("Kind of content"), ["", *data.masked_kinds()],
                                lambda key: format.word(key) or _("All kinds"), width=180),
        )  # fmt: skip


def _row(row: MaskedRow) -> dict[str, Any]:
    before, after = sum(use.tokens_before for use in row.uses), sum(use.tokens_after for use in row.uses)
    return {
        "at": format.utc(row.created_at_ms),
        "session": sendable(row.session_name) or _("Unnamed"),
        "tool": sendable(row.tool),
        "path": sendable(row.path),
        "kind": format.word(row.kind),
        "reason": ", ".join(dict.fromkeys(format.word(use.reason) for use in row.uses)),
        "before": row.tokens,
        "after": row.uses[0].tokens_after if row.uses else None,
        "saved": before - after if row.uses else None,
        "digest": row.tag,
    }


def _columns() -> dict[str, Any]:
    return {
        "at": when(_("First masked"), "MMM D, HH:mm:ss", width=112),
        "tool": st.column_config.TextColumn(_("Tool"), width=157),
        "path": st.column_config.TextColumn(_("Path"), width=165),
        "kind": st.column_config.TextColumn(_("Kind of content"), width=120),
        "reason": st.column_config.TextColumn(_("Reason"), width=85),
        "before": TOKENS(_("Before"), width=62, help=_("Tokens")),
        "after": TOKENS(_("After"), width=62, help=_("Tokens")),
        "saved": TOKENS(_("Saved"), width=85, help=_("Tokens a request, in all messages of the session that hold it.")),
        "session": st.column_config.TextColumn(_("Session"), width=128),
        "digest": aside(_("Digest")),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "tool": sendable(hit.original.tool),
        "path": sendable(hit.original.path),
        "kind": format.word(hit.original.kind),
        "found": hit.lines_found,
        "line": hit.lines[0].number if hit.lines else None,
        "excerpt": sendable(hit.lines[0].excerpt) if hit.lines else "",
        "digest": hit.original.tag,
    }


def _hit_columns() -> dict[str, Any]:
    return {
        "excerpt": st.column_config.TextColumn(_("First line found"), width=420),
        "line": st.column_config.NumberColumn(_("Line"), format="%d"),
        "found": TOKENS(_("Lines found")),
        "tool": st.column_config.TextColumn(_("Tool"), width=160),
        "path": st.column_config.TextColumn(_("Path"), width=190),
        "kind": _("Kind of content"),
        "digest": _("Digest"),
    }


def _show(rows: list[dict[str, Any]]) -> None:
    """The row that is chosen becomes the one in the address."""
    address.keep(DIGEST, rows[0]["digest"] if rows else "")


def _found(words: str, wanted: MaskedFilter) -> None:
    found = data.search_originals(words, limit=HITS, session_id=wanted.session_id or None)
    if isinstance(found, Refused):
        st.text(found.reason)
        return
    if not found.hits:
        st.info(_("No original holds all of these words."))
    else:
        st.text(_("{n} originals hold these words").format(n=len(found.hits)))
        drawn = [_hit(hit) for hit in found.hits]
        chooser("hits", drawn, _hit_columns(), drawn, _show, most_px=PAGE_PX)
    if not found.complete:
        st.caption(_("Older originals were not searched: choose a session to look further back."))


def _all(wanted: MaskedFilter, total: int) -> None:
    if not total:
        st.info(_("Nothing was masked in this selection. What is masked, and when, is decided in the settings."))
        filters.clear_button()
        st.page_link(view("settings.py"), label=_("Settings"))
        return
    offset = pager("masked", _("{n} masked"), total, PAGE)
    drawn = [_row(row) for row in data.masked_page(wanted, PAGE, offset)]
    chooser("masked", drawn, _columns(), drawn, _show, most_px=PAGE_PX)
    st.caption(_("Tokens are estimated. An original is kept as long as a session needs it; the model gets it back with "
                 "the retrieval tool, you get it here."))  # fmt: skip


def _original(digest: str, session_id: str) -> None:
    """By all of its digest, or by its beginning."""
    found = data.original(digest)
    if isinstance(found, Refused):
        st.text(sendable(found.reason))
    elif found is None:
        st.warning(_("There is no original with this digest. It goes when the last session that needs it is deleted."))
    else:
        uses = data.uses_of(found.tag)
        here = [use for _name, use in uses if not session_id or use.session_id == session_id]
        with st.container(border=True, key="original"):
            comparison.about(found)
            comparison.comparison(found, next(iter(here), None))
            comparison.places(uses)
            for use in here[:1]:
                st.page_link(view("session.py"), label=_("Open its session"),
                             query_params={"session": use.session_id})  # fmt: skip


def _page() -> None:
    wanted = _wanted()
    found = data.masked_sums(wanted)
    if found.originals:
        masked_totals(found, wanted)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = address.text("find", _("Search in the originals"), width=420)
        digest = address.text(DIGEST, _("Digest, or its beginning"), width=340)
    if words.strip():
        _found(words, wanted)
    else:
        _all(wanted, found.originals)
    if digest.strip():
        _original(digest, wanted.session_id)


_page()
