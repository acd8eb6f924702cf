"""What the IDE's own logs told: its errors, requests that it never sent, and its counts beside ours."""

import os
from typing import Any

import streamlit as st

from addons.domain import places
from addons.domain.continue_log.event import LogKind
from dashboard import data, format
from dashboard.charts.count_errors import count_errors
from dashboard.components import address, filters
from dashboard.components.chart import chart
from dashboard.components.columns import TOKENS, aside, per_cent, when
from dashboard.components.pager import pager
from dashboard.components.table import choice
from dashboard.components.tile import Tile, tile_row
from dashboard.data import IdeLogFilter, IdeLogRow, LoggedCounts, LoggedRow, SettingsError
from dashboard.excerpts import sendable
from dashboard.format import label
from dashboard.i18n import _
from dashboard.pages import view

PAGE, CALLS = 50, 300
LOGS = {"core_log": "core.log", "cn_log": "cn.log", "dev_data": "tokensGenerated.jsonl"}
"""By the names of their settings."""
SOURCES = {"": _("All calls"), "proxy": _("Matched"), "logs": _("Unmatched")}


def _wanted() -> IdeLogFilter:
    def one(name: str, title: str, options: list[str], every: str) -> str:
        return address.choice(name, title, ["", *options], lambda key: format.word(key) or every, width=180)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        return IdeLogFilter(
            since_ms=filters.period("7d"),
            what=one("what", _("Kind of event"), [*LogKind], _("All kinds")),
            level=filters.level(),
            log=one("log", _("Log"), [*LOGS.values()], _("All logs")),
        )


def _tiles(total: int, counts: LoggedCounts) -> None:
    tile_row("ide", [
        Tile(_("Events"), format.tokens(total), _("this selection"),
             _("Lines of the logs that tell of an error, a request too large to be sent, a retry, or a start.")),
        Tile(_("Calls matched"), format.tokens(counts.matched), _("in the log and through the proxy"),
             _("One row with three figures: estimated here, reported by the provider, logged by the IDE.")),
        Tile(_("Calls unmatched"), format.tokens(counts.unmatched), _("in the log only"),
             _("The IDE tells of them, and they did not pass through the proxy: is it set for all models?")),
        Tile(_("Calls untold"), format.tokens(counts.untold), _("through the proxy only"),
             _("No log tells of them: the command line and some kinds of request are never logged.")),
    ])  # fmt: skip


def _event(row: IdeLogRow) -> dict[str, Any]:
    return {
        "at": format.utc(row.at_ms),
        "level": format.word(row.level),
        "what": format.word(row.what),
        "message": sendable(row.message),
        "error": format.word(row.error_class),
        "status": row.status,
        "model": sendable(row.model),
        "operation": sendable(row.operation),
        "log": row.log,
        "matched": row.completion_id is not None,
    }


def _events(wanted: IdeLogFilter, total: int) -> None:
    st.markdown(_("**Events** · choose one to see all that its line says"))
    if not total:
        st.caption(_("None in this selection."))
        return
    rows = data.ide_events(wanted, PAGE, pager("events", _("{n} events"), total, PAGE))
    columns = {
        "at": when(_("At"), "MMM D, HH:mm:ss", width=112),
        "level": st.column_config.TextColumn(_("Level"), width=100),
        "what": st.column_config.TextColumn(_("Kind"), width=85),
        "message": st.column_config.TextColumn(_("What it says"), width=370),
        "error": st.column_config.TextColumn(_("Error"), width=100),
        "status": st.column_config.NumberColumn(_("Status"), format="%d", width=56),
        "matched": st.column_config.CheckboxColumn(
            _("Request found"), width=124, help=_("The failed request it tells of.")
        ),
        "model": aside(_("Model")),
        "operation": aside(_("Operation")),
        "log": aside(_("Log")),
    }
    if (row := choice("events", [_event(row) for row in rows], columns, rows)) is not None:
        _open(row)


def _open(row: IdeLogRow) -> None:
    with st.container(border=True, key="event"):
        facts = [row.log, row.operation, row.model]
        st.text(sendable(" · ".join(fact for fact in facts if fact)))
        st.code(sendable(row.message) or format.UNKNOWN, language=None, wrap_lines=True)
        if row.figures:
            st.json({sendable(name): _shown(value) for name, value in row.figures.items()})
        if row.completion_id is not None:
            st.page_link(view("turn.py"), label=_("Open its request"), query_params={"id": str(row.completion_id)})
        else:
            st.caption(_("No failed request passed through the proxy at that time."))


def _shown(value: Any) -> Any:
    return sendable(value) if isinstance(value, str) else value


def _off(estimate: int | None, counted: int | None) -> float | None:
    return estimate / counted - 1 if estimate is not None and counted else None


def _reported(row: LoggedRow) -> int | None:
    return row.prompt_tokens if row.usage_source == "reported" else None


def _whole(row: LoggedRow) -> int | None:
    """As reported, with what was kept out put back: the IDE counts what it sends, the provider what we forward."""
    before, sent, reported = row.prompt_tokens_before, row.prompt_tokens_sent, _reported(row)
    return None if before is None or sent is None or reported is None else reported + before - sent


def _call(row: LoggedRow) -> dict[str, Any]:
    return {
        "at": format.utc(row.started_at_ms),
        "matched": row.source == "proxy",
        "estimated": row.prompt_tokens_sent,
        "reported": _reported(row),
        "kept": None if (whole := _whole(row)) is None else whole - (_reported(row) or 0),
        "logged": row.logged_prompt_tokens,
        "ours_off": per_cent(_off(row.prompt_tokens_sent, _reported(row))),
        "off": per_cent(_off(row.logged_prompt_tokens, whole)),
        "answer": row.completion_tokens if row.usage_source == "reported" else None,
        "logged_answer": row.logged_completion_tokens,
        "kind": format.word(row.kind),
        "model": sendable(row.model),
        "provider": row.provider,
    }


def _errors(rows: list[LoggedRow]) -> list[dict[str, Any]]:
    """A point for each estimate of a prompt that the provider counted."""
    return [
        {"at": row.started_at_ms, "who": who, "off": off, "tokens": tokens, "counted": counted}
        for row in rows
        for who, tokens, counted in (
            ("sent", row.prompt_tokens_sent, _reported(row)),
            ("fresh", row.logged_prompt_tokens, _whole(row)),
        )
        if (off := _off(tokens, counted)) is not None
    ]


def _calls(since_ms: int | None) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.markdown(_("**Calls of which the log tells** · prompt tokens, counted three times"), width="content")
        source = address.choice("calls", _("Calls"), list(SOURCES), SOURCES.__getitem__, width=160)
    rows = data.logged_calls(since_ms or 0, CALLS, source=source)
    if not rows:
        st.caption(_("None in this selection."))
        return
    if errors := _errors(rows):
        chart("errors", errors, count_errors(), _("How far estimated prompt tokens are from reported ones, over time"))
    columns = {
        "at": when(_("Started"), "MMM D, HH:mm:ss", width=112),
        "matched": st.column_config.CheckboxColumn(_("Matched"), width=84),
        "model": st.column_config.TextColumn(_("Model"), width=120),
        "estimated": TOKENS(_("Estimated here"), width=105, help=_("Of what was forwarded.")),
        "ours_off": st.column_config.NumberColumn(_("We are off by"), format="%+.1f %%", width=98),
        "reported": TOKENS(_("Reported"), width=75, help=_("By the provider, of what was forwarded.")),
        "kept": TOKENS(
            _("Kept out"), width=75, help=_("By masking and compression, estimated: the IDE does not know of it.")
        ),
        "logged": TOKENS(_("Logged by the IDE"), width=156, help=_("Of what it sent.")),
        "off": st.column_config.NumberColumn(
            _("IDE is off by"),
            format="%+.1f %%",
            width=118,
            help=_("Of what was reported and what was kept out, together."),
        ),
        "answer": aside(TOKENS(_("Answer"))),
        "logged_answer": aside(TOKENS(_("Answer, logged"))),
        "kind": aside(_("Kind")),
        "provider": aside(_("Provider")),
    }
    if (row := choice("calls", [_call(row) for row in rows], columns, rows)) is not None:
        st.page_link(view("turn.py"), label=_("Open the request"), query_params={"id": str(row.id)})


def _switches() -> None:
    """Which logs are followed, and where they are looked for."""
    try:
        wanted = data.settings_in_use().ide_log
    except SettingsError:
        return  # the strip on top says that providers.toml is not in use
    with st.container(horizontal=True, vertical_alignment="center", key="logs"):
        for name, log in LOGS.items():
            if getattr(wanted, name):
                st.badge(_("{log}: followed").format(log=label(log)), color="green")
            else:
                st.badge(_("{log}: switched off").format(log=label(log)), color="gray")
        st.text(_("in {folder}").format(folder=wanted.continue_dir or str(places.continue_dir(os.environ))))
        st.page_link(view("settings.py"), label=_("Settings"), width="content")


def _page() -> None:
    wanted = _wanted()
    total, counts = data.ide_event_count(wanted), data.logged_counts(wanted.since_ms or 0)
    _switches()
    if not total and not counts.matched and not counts.unmatched:
        st.info(_("The logs told nothing in this selection. A running proxy follows Continue's own logs where they are "
                  "there: JetBrains IDEs write core.log, the command line cn.log, both kinds of IDE "
                  "tokensGenerated.jsonl. To switch one on, put this into your providers.toml:"))  # fmt: skip
        st.code("[ide_log]\ncore_log = true\ncn_log = true\ndev_data = true\n"
                '# continue_dir = "/path/to/.continue"   # where it is not ~/.continue', language=None)  # fmt: skip
        return
    _tiles(total, counts)
    with st.container(border=True):
        _events(wanted, total)
    with st.container(border=True):
        _calls(wanted.since_ms)


_page()
