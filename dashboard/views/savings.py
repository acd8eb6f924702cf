"""What rewriting keeps out of the requests, what the prefix cache serves, and what both come to in the end."""

from typing import Any

import streamlit as st

from dashboard import data, format, sums
from dashboard.charts.cache_share import cache_share
from dashboard.charts.net_over_time import net_over_time
from dashboard.charts.waterfall import waterfall
from dashboard.components import filters
from dashboard.components.behind import requests_behind
from dashboard.components.beside import beside
from dashboard.components.chart import chart
from dashboard.components.chart_table import chart_table
from dashboard.components.columns import FILL, TOKENS, USD, aside, per_cent, when
from dashboard.components.method import titled
from dashboard.components.table import choice, table
from dashboard.components.tile import Tile, tile_row
from dashboard.data import EpochRow, ProviderSavings, Savings, SavingsFilter
from dashboard.i18n import _
from dashboard.pages import view

EPOCHS = 200


def _wanted() -> SavingsFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since_ms, provider = filters.period("7d"), filters.provider()
        return SavingsFilter(since_ms=since_ms, provider=provider, model=filters.model(provider),
                             project=filters.project(), session_id=filters.session())  # fmt: skip


def _tiles(found: Savings, epochs: list[EpochRow], wanted: SavingsFilter) -> None:
    kept = found.before_tokens - found.sent_tokens
    share = kept / found.before_tokens if found.before_tokens else None
    unpriced = found.requests - found.priced
    money = _("cost without us − cost · {n} requests").format(n=format.tokens(found.priced))
    if unpriced:
        money = _("{n} of {m} requests have a price").format(n=format.tokens(found.priced),
                                                             m=format.tokens(found.requests))  # fmt: skip
    cached = _("{n} requests · reported").format(n=format.tokens(found.reported))
    gain = sum(row.gain_tokens - row.loss_tokens for row in epochs)
    tile_row("savings", [
        Tile(_("Tokens kept out"), format.tokens(kept),
             _("{share} of what was received · estimated").format(share=format.percent(share)),
             _("By masking and compression, in all answered requests together."),
             requests_behind(wanted, _("Saved in each"))),
        Tile(_("Net in money"), format.usd(found.net_usd), money,
             _("What the same requests would have cost unchanged, under the same cache, minus what they cost. Negative "
               "where changing a prefix cost more than it saved."), requests_behind(wanted, _("Cost of each"))),
        Tile(_("From cache"), format.percent(found.cache_share), cached if found.reported else _("not reported"),
             _("Cached tokens over prompt tokens, of the requests whose answer says how many were cached."),
             requests_behind(wanted, _("Cached in each"))),
        Tile(_("Epochs"), ("≥ " if len(epochs) == EPOCHS else "") + format.tokens(len(epochs)),
             (_("the latest {m} · expected net {n} tokens · estimated") if len(epochs) == EPOCHS
              else _("expected net {n} tokens · estimated")).format(n=format.tokens(gain), m=EPOCHS),
             _("Times at which what had been sent before was changed: all that may go goes at once.")),
    ])  # fmt: skip


def _shorter(found: Savings) -> None:
    titled(_("**From received to sent**"), reported=False)
    steps = sums.steps(found)
    if steps:
        chart("waterfall", steps, waterfall(), _("Prompt tokens as received, masked, compressed, and as sent"))
        columns = {"name": _("Step"), "tokens": TOKENS(_("Tokens")), "percent": FILL(_("Of what was received"))}
        chart_table("waterfall-rows", [step | {"percent": per_cent(abs(step["share"]))} for step in steps], columns,
                    format.UNKNOWN)  # fmt: skip
    else:
        st.caption(_("No request of this selection was counted."))


def _cache(found: list[dict[str, Any]]) -> None:
    titled(_("**Served from the prefix cache**"), reported=True)
    if found:
        chart("cache", found, cache_share(), _("Share of cached prompt tokens over time, a line for each provider"))
        columns = {"at": when(_("From"), "MMM D, HH:mm"), "provider": _("Provider"), "percent": FILL(_("From cache")),
                   "cached": TOKENS(_("Cached tokens")), "prompt": TOKENS(_("Prompt tokens"))}  # fmt: skip
        rows = [point | {"percent": per_cent(point["share"])} for point in found]
        chart_table("cache-rows", rows, columns, format.UNKNOWN)
    else:
        st.caption(_("No answer of this selection says how many tokens were cached."))


def _money(found: list[dict[str, Any]]) -> None:
    titled(_("**Net in money**"), reported=False)
    if found:
        chart("net", found, net_over_time(), _("US dollars saved or lost over time"))
        columns = {"at": when(_("From"), "MMM D, HH:mm"), "usd": USD(_("Net in money")),
                   "tokens": TOKENS(_("Tokens kept out"))}  # fmt: skip
        chart_table("net-rows", found, columns, format.UNKNOWN)
    else:
        st.caption(_("No request of this selection has a price."))


def _providers(rows: list[ProviderSavings]) -> None:
    st.markdown(_("**By provider**"))
    columns = {
        "provider": _("Provider"),
        "share": FILL(_("From cache")),
        "kept": TOKENS(_("Tokens kept out"), help=_("Estimated.")),
        "net": USD(_("Net")),
        "requests": TOKENS(_("Requests")),
        "silent": TOKENS(_("Cache not reported"), help=_("Requests whose answer does not say how many were cached.")),
    }
    drawn = [
        {
            "provider": row.provider,
            "share": per_cent(row.cache_share),
            "kept": row.before_tokens - row.sent_tokens,
            "net": row.net_usd,
            "requests": row.requests,
            "silent": row.requests - row.reported,
        }
        for row in rows
    ]
    table("providers", drawn, columns)


def _epoch_row(row: EpochRow) -> dict[str, Any]:
    return {
        "at": format.utc(row.at_ms),
        "session": row.session_name or _("Unnamed"),
        "reason": format.word(row.reason),
        "messages": row.messages,
        "saved": row.saved_tokens,
        "gain": row.gain_tokens,
        "loss": row.loss_tokens,
        "net": row.gain_tokens - row.loss_tokens,
        "own": row.own_net_usd,
        "since": row.net_usd,
        "requests": row.requests,
        "provider": row.provider,
    }


def _epochs(rows: list[EpochRow]) -> None:
    titled(_("**Epochs** · when what had been sent before was changed"), reported=False)
    if not rows:
        st.caption(_("None in this selection: every prefix was sent again as it was."))
        return
    columns = {
        "at": when(_("At"), "MMM D, HH:mm:ss", width=112),
        "session": st.column_config.TextColumn(_("Session"), width=170),
        "reason": st.column_config.TextColumn(_("Reason"), width=85),
        "messages": TOKENS(_("Messages"), width=78),
        "saved": TOKENS(_("Saved a request"), width=140, help=_("Tokens")),
        "net": TOKENS(_("Expected net"), width=98, help=_("Tokens at full price: expected gain − expected loss.")),
        "own": USD(
            _("Own request"), width=98, help=_("Cost without us − cost of the request that changed the prefix.")
        ),
        "since": USD(_("Net since"), width=78, help=_("The same over all requests until the session's next epoch.")),
        "requests": TOKENS(_("Requests"), width=78, help=_("Until the session's next epoch.")),
        "gain": aside(TOKENS(_("Expected gain"), help=_("Tokens at full price, in the requests expected to come."))),
        "loss": aside(
            TOKENS(_("Expected loss"), help=_("Tokens at full price, for a prefix that is no longer cached."))
        ),
        "provider": aside(_("Provider")),
    }
    if (row := choice("epochs", [_epoch_row(row) for row in rows], columns, rows)) is not None:
        _open(row)


def _open(row: EpochRow) -> None:
    with st.container(horizontal=True, key="epoch"):
        if row.completion_id is not None:
            st.page_link(view("turn.py"), label=_("Open its request"), query_params={"id": str(row.completion_id)})
        if row.session_id:
            st.page_link(view("session.py"), label=_("Open its session"), query_params={"session": row.session_id})


def _page() -> None:
    wanted = _wanted()
    span_ms = filters.span_ms("7d")
    periods = data.savings_over_time(wanted, span_ms)
    rows = sums.by_provider(periods)  # not asked for: what is summed over a long time is read once
    if not rows:
        filters.nothing(_("No answered request matches. Choose a longer period, or clear the other filters."))
        return
    found, epochs = sums.total(rows), data.epochs(wanted, EPOCHS)
    _tiles(found, epochs, wanted)
    one, other = beside("upper")
    with one:
        _shorter(found)
    with other:
        _money(sums.nets(periods, span_ms))
    with st.container(border=True):
        _cache(sums.shares(periods))
        _providers(rows)
    with st.container(border=True):
        _epochs(epochs)


_page()
