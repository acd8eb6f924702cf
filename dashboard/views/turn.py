"""One request: what its prompt was made of, what was masked in it, where its time went, and what it cost."""

from typing import Any

import streamlit as st

from dashboard import data, turn_figures
from dashboard.charts.timings import timings
from dashboard.components.chart import chart
from dashboard.components.chart_table import chart_table
from dashboard.components.columns import DURATION, TOKENS, aside, when
from dashboard.components.context import bar
from dashboard.components.filling import parts
from dashboard.components.method import titled
from dashboard.components.table import choice, table
from dashboard.components.tile import Tile, tile_row
from dashboard.components.turn_headers import headers
from dashboard.components.turn_messages import messages
from dashboard.data import TurnRow
from dashboard.excerpts import sendable
from dashboard.figures import prompt
from dashboard.format import UNKNOWN, duration, percent, tokens, usd, utc, word
from dashboard.i18n import N_, _
from dashboard.pages import view

PARTS_PX = 490
"""As wide as the table of parts; where not twice as much is there, what stands beside it goes below."""
SOURCES = {"reported": N_("reported"), "logged": N_("logged")}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _wanted() -> int | None:
    """The id in the address; the latest request without one."""
    return _number(st.query_params["id"]) if "id" in st.query_params else data.turn_newest()


def _go(completion_id: int) -> None:
    st.query_params["id"] = str(completion_id)


def _way(row: TurnRow) -> None:
    """To the requests beside it: buttons, because a link to the page one is on does not change its address."""
    beside = data.turn_neighbours(row.session_id, row.id)
    with st.container(horizontal=True, vertical_alignment="center", key="way"):
        st.button(_("Previous"), key="previous", icon=":material/arrow_back:", disabled=beside.before is None,
                  on_click=_go, args=(beside.before,))  # fmt: skip
        st.button(_("Next"), key="next", icon=":material/arrow_forward:", disabled=beside.after is None,
                  on_click=_go, args=(beside.after,))  # fmt: skip
        if row.session_id:
            st.page_link(view("session.py"), label=_("Its session"), query_params={"session": row.session_id})
            st.page_link(view("requests.py"), label=_("Its session's requests"),
                         query_params={"of": row.session_id, "period": "all"})  # fmt: skip


def _heading(row: TurnRow) -> None:
    asked = _("asked for {model}").format(model=row.routed_from) if row.routed_from else ""
    turn = _("turn {n}").format(n=row.turn) if row.turn is not None else ""
    name = row.session_name or _("Outside a session")
    facts = [name, word(row.kind), turn, row.provider, row.model, asked, row.project]
    st.text(sendable(" · ".join(fact for fact in facts if fact)))
    columns = {
        "at": when(_("Started"), "MMM D, HH:mm:ss"),
        "outcome": _("Outcome"),
        "status": st.column_config.NumberColumn(_("Status"), format="%d"),
        "streamed": st.column_config.CheckboxColumn(_("Streamed")),
        "messages": TOKENS(_("Messages")),
        "retry": when(_("Retry of"), "HH:mm:ss"),
        "changed": st.column_config.CheckboxColumn(_("Epoch"), help=_("It changed what had been sent before.")),
        "trace": st.column_config.TextColumn(_("Trace id"), help=_("The provider's own id, for a support case.")),
        "proxy": _("Proxy"),
    }
    values = {
        "at": utc(row.started_at_ms), "outcome": word(row.outcome), "status": row.status, "streamed": row.stream,
        "messages": row.message_count, "retry": utc(row.retry_of_ms), "changed": row.epoch,
        "trace": row.trace_id or None, "proxy": row.proxy_id or None,
    }  # fmt: skip
    table("facts", [values], columns)


def _error(row: TurnRow) -> None:
    if row.error_class or row.error_message:
        with st.container(border=True, key="error"):
            st.markdown(_("**What went wrong** · class and message, scrubbed of keys"))
            st.code(sendable(f"{row.error_class}: {row.error_message}"), language=None, wrap_lines=True)


def _tiles(row: TurnRow) -> None:
    saved = row.masked_tokens_saved + row.compressed_tokens_saved
    net = None
    if row.cost_usd is not None and row.cost_unmodified_usd is not None:
        net = row.cost_unmodified_usd - row.cost_usd
    source = _(SOURCES.get(row.usage_source or "", "")) or _("estimated")
    cached = row.cached_tokens / row.prompt_tokens if row.cached_tokens is not None and row.prompt_tokens else None
    tile_row("turn", [
        Tile(_("Context fill"), percent(row.context_fill), source,
             _("Prompt tokens over the context window.")),
        Tile(_("Prompt tokens"), tokens(prompt(row)), source, _("Everything sent, cached part included.")),
        Tile(_("From cache"), percent(cached), _("reported") if cached is not None else _("not reported"),
             _("Cached tokens over prompt tokens.")),
        Tile(_("Kept out"), tokens(saved), _("tokens · estimated"), _("By masking and compression.")),
        Tile(_("Cost"), usd(row.cost_usd), _("without us {usd}").format(usd=usd(row.cost_unmodified_usd)),
             _("List prices, or what the provider says itself. Without a prefix cache it would be {usd}.").format(
                 usd=usd(row.cost_uncached_usd))),
        Tile(_("Net in money"), usd(net), _("cost without us − cost"),
             _("Negative where changing a prefix cost more than it saved.")),
    ])  # fmt: skip


def _parts(row: TurnRow) -> None:
    """The finer parts; of an older request the coarse ones, which is all that is recorded of it."""
    found = data.composition_of(row.id)
    if found:
        parts("parts", found, row)
    elif row.composition:
        titled(_("**What the prompt is made of**"), reported=False)
        columns = {
            "part": _("Part"),
            "tokens": TOKENS(_("Tokens")),
            "share": st.column_config.NumberColumn(_("Of the prompt"), format="%.1f %%"),
        }
        table("parts", turn_figures.parts(row), columns)
    else:
        st.caption(_("What its prompt was made of is not recorded for this request."))


def _times(row: TurnRow) -> None:
    st.markdown(_("**Where its time went** · measured here"))
    bars = turn_figures.times(row)
    if bars:
        chart("timings", bars, timings(), _("Seconds from the request's arrival to the end of the answer"))
        took = {bar["part"]: duration(1_000 * bar["took"]) for bar in bars}
        st.text(
            _("Ours {overhead}, rate limit {wait}, first byte {first}, stream {stream}; {all} in all").format(
                all=duration(row.duration_ms), **took
            )
        )
        columns = {"name": _("Part"), "start": DURATION(_("From")), "took": DURATION(_("Duration"))}
        chart_table("timings-rows", bars, columns, UNKNOWN)
    else:
        st.caption(_("No byte of an answer came."))


def _usage(row: TurnRow) -> None:
    st.markdown(_("**Tokens by who counted them**"))
    number = st.column_config.NumberColumn
    columns = {
        "who": st.column_config.TextColumn(
            _("Counted"), width=140, help=_("By the provider (reported), by the IDE in its log (logged), or here.")
        ),
        "prompt": TOKENS(_("Prompt"), width=66),
        "off": number(_("Off"), format="%+.1f %%", width=56, help=_("Against what the provider reported.")),
        "cached": TOKENS(_("Cached"), width=68),
        "answer": TOKENS(_("Answer"), width=66, help=_("Reasoning included.")),
        "fresh": TOKENS(_("Fresh"), width=68, help=_("Of the prompt, what was not cached.")),
        "reasoning": aside(TOKENS(_("Reasoning"), help=_("Part of the answer."))),
    }
    table("usage", turn_figures.usages(row), columns)


def _masked(row: TurnRow) -> None:
    titled(_("**Masked in this session by then**"), reported=False)
    found = data.masked_by(row.session_id, row.started_at_ms) if row.session_id else []
    if not found:
        st.caption(_("Nothing."))
        return
    shown = turn_figures.by_saving(found)
    columns = {
        "saved": TOKENS(_("Saved"), width=85, help=_("Tokens")),
        "tool": st.column_config.TextColumn(_("Tool"), width=155),
        "path": st.column_config.TextColumn(_("Path"), width=210),
        "kind": st.column_config.TextColumn(_("Kind of content"), width=140),
        "reason": st.column_config.TextColumn(_("Reason"), width=90),
        "before": TOKENS(_("Before"), width=75, help=_("Tokens")),
        "after": TOKENS(_("After"), width=75, help=_("Tokens")),
        "at": when(_("Decided"), "MMM D, HH:mm:ss", width=115),
        "digest": aside(_("Digest")),
    }
    chosen = choice("masked-by", [_masked_row(*one) for one in shown], columns, shown)
    if chosen:
        st.page_link(view("masked.py"), label=_("Open the original"), query_params={"digest": chosen[0].tag})
    st.caption(_("{n} of its messages were forwarded as digests, {m} tokens fewer. What the client itself had left out "
                 "by then is in the list all the same.").format(
                     n=tokens(row.masked_count), m=tokens(row.masked_tokens_saved)))  # fmt: skip


def _masked_row(use: data.Use, kind: str, tool: str, path: str) -> dict[str, Any]:
    return {
        "saved": use.tokens_before - use.tokens_after,
        "tool": sendable(tool),
        "path": sendable(path),
        "kind": word(kind),
        "reason": word(use.reason),
        "before": use.tokens_before,
        "after": use.tokens_after,
        "at": utc(use.decided_at_ms),
        "digest": use.tag,
    }


def _page() -> None:
    wanted = _wanted()
    row = None if wanted is None else data.turn(wanted)
    if row is None and "id" in st.query_params:
        st.warning(_("There is no such request. Its session may have been deleted, or the address is incomplete."))
        st.page_link(view("requests.py"), label=_("All requests"))
        return
    if row is None:
        st.info(_("No request yet. The first one through the proxy appears here."))
        st.page_link(view("set_up.py"), label=_("Set up the proxy and your editor"))
        return
    _way(row)
    _heading(row)
    _error(row)
    _tiles(row)
    with st.container(border=True, key="prompt"):
        if not bar("parts", row):
            st.caption(_("How full its context window was is not known."))
    upper = st.grid(2, min_column_width=PARTS_PX, border=True, key="upper")
    with upper.cell():
        _parts(row)
    with upper.cell():
        _times(row)
        _usage(row)
    messages(row)
    with st.container(border=True):
        _masked(row)
    headers(row.id)


_page()
