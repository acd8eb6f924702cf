"""Savings, cache, memory, cost and time of one and the same request, beside each other."""

from collections.abc import Sequence

import streamlit as st

from dashboard import data
from dashboard.components.tile import Link, Tile, tile_row
from dashboard.data import LiveRow, TurnRow
from dashboard.figures import billed, latest_in_context, prompt
from dashboard.format import duration, percent, tokens, usd
from dashboard.i18n import N_, _
from dashboard.pages import view

SOURCES = {"reported": N_("reported"), "logged": N_("logged"), "estimated": N_("estimated")}


def latest_request(rows: Sequence[LiveRow]) -> None:
    last = latest_in_context(rows)
    row = data.turn(last.id) if last else None
    if row is None:
        return
    with st.container(border=True, key="latest-request"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("**The same request in numbers** · what was kept out, cached, remembered, paid"))
            st.page_link(view("turn.py"), label=_("All about it"), query_params={"id": str(row.id)})
        tile_row("latest-tiles", [_sent(row), _cached(row), _memory(row), _answer(row), _cost(row), _time(row)])


def _source(row: LiveRow) -> str:
    return _(SOURCES.get(row.usage_source or "", SOURCES["estimated"]))


def _of_session(row: TurnRow, file: str, label: str) -> Link | None:
    return Link(file, label, {"of": row.session_id, "period": "all"}) if row.session_id else None


def _sent(row: TurnRow) -> Tile:
    before, sent = row.prompt_tokens_before, row.prompt_tokens_sent
    kept = None if before is None or sent is None else before - sent
    scope = _("{n} received, {share} kept out · estimated").format(
        n=tokens(before), share=percent(kept / before if kept is not None and before else None))  # fmt: skip
    about = _("Prompt tokens as received from the editor, and as forwarded: by one counter before and after.")
    return Tile(_("Sent"), tokens(sent), scope, about,
                _of_session(row, "masked.py", _("What is masked")))  # fmt: skip


def _cached(row: TurnRow) -> Tile:
    cached, fresh = row.cached_tokens, billed(row)["fresh"]
    share = cached / row.prompt_tokens if cached is not None and row.prompt_tokens else None
    scope = _("not reported")
    if share is not None:
        scope = _("{n} cached, {m} fresh · {source}").format(n=tokens(cached), m=tokens(fresh), source=_source(row))
    about = _("The part of this prompt that the provider served from its prefix cache.")
    return Tile(_("Cached part"), percent(share), scope, about, _of_session(row, "savings.py", _("Its savings")))


def _memory(row: TurnRow) -> Tile:
    scope = _("{share} of the prompt · estimated").format(share=percent(row.memory_ratio))
    about = _("What memory servers put into this prompt.")
    return Tile(_("Memory"), tokens(row.memory_tokens), scope, about, _of_session(row, "memory.py", _("Its memory")))


def _answer(row: TurnRow) -> Tile:
    scope = _("{n} of it reasoning · {source}").format(n=tokens(row.reasoning_tokens), source=_source(row))
    about = _("Everything that was generated, reasoning included, to a prompt of {n} tokens.").format(
        n=tokens(prompt(row)))  # fmt: skip
    return Tile(_("Answer"), tokens(row.completion_tokens), scope, about,
                _of_session(row, "requests.py", _("Its requests")))  # fmt: skip


def _cost(row: TurnRow) -> Tile:
    scope = _("{usd} without us · list prices").format(usd=usd(row.cost_unmodified_usd))
    about = _("This request alone; an epoch costs more than it saves in its own request.")
    return Tile(_("Its cost"), usd(row.cost_usd), scope, about, Link("usage.py", _("All costs"), {"period": "30d"}))


def _time(row: TurnRow) -> Tile:
    scope = _("{ours} of it ours, {wait} waiting · measured").format(
        ours=duration(row.overhead_ms), wait=duration(row.rate_wait_ms))  # fmt: skip
    about = _("From the request's last byte received to the answer's first byte.")
    return Tile(_("First byte"), duration(row.ttfb_ms), scope, about,
                Link("limits.py", _("Limits"), {}))  # fmt: skip
