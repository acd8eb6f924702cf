"""How much was used and what it cost: over time, by provider, model and project, and had things been otherwise."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from addons.domain.forecast import MOST_DAYS, forecast
from dashboard import data, format, spending
from dashboard.charts.cost_compared import cost_compared
from dashboard.charts.used_over_time import cost_over_time, tokens_over_time
from dashboard.components import filters
from dashboard.components.behind import requests_behind, savings_behind
from dashboard.components.beside import beside
from dashboard.components.chart import chart
from dashboard.components.chart_table import chart_table
from dashboard.components.columns import FILL, TOKENS, USD, per_cent, when
from dashboard.components.export_links import export_links
from dashboard.components.method import titled
from dashboard.components.table import table
from dashboard.components.tile import Tile, tile_row
from dashboard.data import GroupCached, GroupUsed, UsageFilter, Used
from dashboard.i18n import _, n_
from dashboard.spending import Line

RANKED = 50
UNKNOWN = _("unknown")
HOUR_MS = 3_600_000
LOOKED_BACK_MS = (MOST_DAYS + 4) * 24 * HOUR_MS
"""Whole days that a forecast may rest on, and all of the month."""


def _wanted() -> UsageFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since_ms, provider = filters.period("30d"), filters.provider()
        chosen = {"provider": provider, "model": filters.model(provider), "project": filters.project()}
        export_links("usage", {"since": filters.since("30d"), **chosen})
    return UsageFilter(since_ms=since_ms, **chosen)


def _now() -> datetime:
    """In the person's time zone, whose midnights the days and months have."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except ZoneInfoNotFoundError:
        return datetime.now(UTC)
    return datetime.now(zone)


def money(found: Used) -> str:
    """With what is not known said: "unknown", or "at least"."""
    if found.known_usd is None:
        return UNKNOWN
    return ("≥ " if found.unpriced else "") + format.usd(found.cost_usd)


def _tiles(found: Used, cached: list[GroupCached], wanted: UsageFilter) -> None:
    priced = _("this period · list prices")
    if found.unpriced:
        priced = _("this period · {n} without price").format(n=format.tokens(found.unpriced))
    share = spending.cached_share(cached)
    failed = n_("this period · {n} error", "this period · {n} errors", found.errors)
    tile_row("usage", [
        Tile(_("Cost"), money(found), priced,
             _("Prices of providers.toml, or what the provider itself says. Requests without a known price are not in "
               "it."), requests_behind(wanted, _("Cost of each"))),
        Tile(_("Tokens"), format.tokens(found.tokens),
             _("{n} prompt · {m} completion").format(n=format.tokens(found.prompt_tokens),
                                                     m=format.tokens(found.completion_tokens)),
             _("This period. As reported by the providers, else estimated; reasoning tokens included."),
             requests_behind(wanted, _("Tokens of each"))),
        Tile(_("From cache"), format.percent(share), _("this period · reported") if cached else _("not reported"),
             _("Cached tokens over prompt tokens, of the requests whose answer says how many were cached."),
             savings_behind(wanted, _("Their savings"))),
        Tile(_("Requests"), format.tokens(found.requests),
             failed.format(n=format.tokens(found.errors)),
             _("All that went through the proxy, answered or not."), requests_behind(wanted, _("Each of them"))),
        *_forecasts(wanted),
    ])  # fmt: skip


def _forecasts(wanted: UsageFilter) -> list[Tile]:
    """What the day and the month will come to, whatever period is chosen."""
    now = _now()
    since_ms = (round(now.timestamp() * 1_000) - LOOKED_BACK_MS) // HOUR_MS * HOUR_MS
    coming = forecast(data.spent_by_day(replace(wanted, since_ms=since_ms), now.tzinfo or UTC), now)
    about = _("What was spent so far, and what earlier days of the same kind (work day or weekend) still spent after "
              "this time of day. Of what is chosen above, but for the period.")  # fmt: skip
    tiles = []
    behind = (requests_behind(wanted, _("Last 24 hours"), period="24h"),
              requests_behind(wanted, _("Last 30 days"), period="30d"))  # fmt: skip
    titles, amounts = (_("Day forecast"), _("Month forecast")), (coming.day, coming.month_end)
    for title, begin, amount, link in zip(titles, spending.begins(now), amounts, behind, strict=True):
        spent = data.usage_total(replace(wanted, since_ms=round(begin.timestamp() * 1_000)))
        value = format.UNKNOWN
        if amount is not None and spent.known_usd is not None:
            value = ("≥ " if spent.unpriced else "") + format.usd(amount)
        so_far = _("{usd} so far · from {n} earlier days").format(usd=money(spent), n=coming.days)
        tiles.append(Tile(title, value, so_far, about, link))
    return tiles


def _over_time(wanted: UsageFilter) -> None:
    daily = filters.span_ms("30d") > HOUR_MS
    span_ms = 24 * HOUR_MS if daily else HOUR_MS
    offset_ms = -60_000 * (st.context.timezone_offset or 0)
    rows = spending.spans(data.usage_over_time(wanted, span_ms, offset_ms), span_ms)
    framed = spending.framed(rows, wanted.since_ms, format.now_ms() // span_ms * span_ms, span_ms)
    shared = {"at": when(_("Day"), "MMM D") if daily else when(_("Hour"), "MMM D, HH:mm"), "provider": _("Provider")}
    one, other = beside("over-time")
    with one:
        title = _("**Cost per day, by provider**") if daily else _("**Cost per hour, by provider**")
        st.markdown(title)
        if any(row["usd"] for row in rows):
            chart("cost", framed, cost_over_time(), _("US dollars over time, stacked by provider"))
        else:
            st.caption(_("No request of this selection has a known price."))
        columns = shared | {"usd": USD(_("Cost")), "unpriced": TOKENS(_("Without price"))}
        chart_table("cost-rows", rows, columns, UNKNOWN)
    with other:
        title = _("**Tokens per day, by provider**") if daily else _("**Tokens per hour, by provider**")
        st.markdown(title)
        chart("tokens", framed, tokens_over_time(), _("Prompt and completion tokens over time, stacked by provider"))
        columns = shared | {"prompt": TOKENS(_("Prompt")), "completion": TOKENS(_("Completion")),
                            "requests": TOKENS(_("Requests"))}  # fmt: skip
        chart_table("tokens-rows", rows, columns, UNKNOWN)


def _compared(found: Used) -> None:
    titled(_("**Had it been otherwise**"), reported=False)
    bars = spending.compared(found)
    if not bars:
        st.caption(_("No request of this selection has a known price."))
        return
    chart("compared", bars, cost_compared(), _("US dollars as paid, without us, and without a prefix cache"))
    st.caption(_("Without us: the same requests unchanged, under the same cache. Without cache: as they were sent, "
                 "every prompt token at full price. Where that is not known, as paid."))  # fmt: skip
    columns = {"words": _("Case"), "usd": USD(_("Cost")), "difference": USD(_("Difference")),
               "more": st.column_config.NumberColumn(_("Against what was paid"), format="%+.0f %%")}  # fmt: skip
    chart_table("compared-rows", [bar | {"more": per_cent(bar["more"])} for bar in bars], columns, UNKNOWN)


def _ranking(key: str, title: str, name: str, lines: list[Line], nameless: str) -> None:
    """:param title: our own words."""
    paid = sum(line.used.cost_usd for line in lines)
    columns: dict[str, Any] = {
        "name": st.column_config.TextColumn(name, width=200),
        "provider": _("Provider"),
        "usd": USD(_("Cost")),
        "share": FILL(_("Of the cost")),
        "tokens": TOKENS(_("Tokens")),
        "cached": FILL(_("From cache")),
        "requests": TOKENS(_("Requests")),
        "unpriced": TOKENS(_("Without price")),
    }
    if not any(line.provider for line in lines):
        del columns["provider"]
    if not any(line.used.unpriced for line in lines):
        del columns["unpriced"]
    if not paid:
        del columns["share"]
    st.markdown(title)
    rows = [
        {
            "name": line.name or nameless,
            "provider": line.provider,
            "usd": line.used.known_usd,
            "share": per_cent(line.used.cost_usd / paid) if paid and line.used.known_usd is not None else None,
            "tokens": line.used.tokens,
            "cached": per_cent(line.cached_share),
            "requests": line.used.requests,
            "unpriced": line.used.unpriced,
        }
        for line in lines[:RANKED]
    ]
    table(key, rows, columns, unknown=UNKNOWN)


def _rankings(used: list[GroupUsed], cached: list[GroupCached]) -> None:
    with st.container(border=True):
        lines = spending.models(used, cached)
        _ranking("models", _("**Models** · by cost"), _("Model"), lines, UNKNOWN)
        if any(line.used.unpriced for line in lines):
            st.caption(_("Put a missing price into providers.toml, with its source and date: new requests then have "
                         "one. Until then they are in no sum of money."))  # fmt: skip
    with st.container(border=True):
        _ranking("projects", _("**Projects** · by cost"), _("Project"), spending.projects(used, cached),
                 _("No project known"))  # fmt: skip


def _page() -> None:
    wanted = _wanted()
    used = data.usage_groups(wanted)
    if not used:
        filters.nothing(_("No request matches. Choose a longer period, or clear the other filters."))
        return
    cached, found = data.usage_cached(wanted), spending.total(used)
    _tiles(found, cached, wanted)
    _over_time(wanted)
    with st.container(border=True):
        _compared(found)
    _rankings(used, cached)
    st.caption(
        _("Counted by the hour: the first hour of the period counts as a whole. Days begin at your midnight. Costs are "
          "list prices or the provider's own figures; tokens are as reported, else estimated.")
    )  # fmt: skip


_page()
