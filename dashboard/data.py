"""The pages' only way to the store: cached questions, one line each. Nothing else imports `db` or uses `st.cache_*`.

An answer is kept for a second and shared by all tabs, so ten open tabs ask as much as one. Every question can raise
`StoreUnavailable`, which `components.boundary` turns into words.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from addons.domain import places
from addons.domain.errors import UserError
from addons.domain.settings import Document, Settings, SettingsError, overlay
from addons.services import settings_files
from db import outbox
from db.engine import control, reader
from db.queries import (
    alerts,
    compression_log,
    ide_log,
    limits,
    live,
    masked,
    original_search,
    originals,
    provider_health,
    proxies,
    requests,
    routings,
    savings,
    sessions,
    settings,
    turns,
)
from db.queries import costs as costs_query
from db.queries import epochs as epochs_query
from db.queries import memory as memory_query
from db.queries import usage as usage_query
from db.queries.alerts import AlertFilter, AlertRow
from db.queries.compression_log import CompressionFilter, CompressionNote, CompressionRow, CompressionSums
from db.queries.epochs import EpochRow
from db.queries.ide_log import IdeLogFilter, IdeLogRow, LoggedCounts, LoggedRow
from db.queries.limits import LimitRow
from db.queries.live import LiveRow, Tail
from db.queries.masked import MaskedFilter, MaskedRow, Use
from db.queries.memory import MemoryFilter, MemoryPeriod, MemoryPoint, MemorySource, SegmentRow
from db.queries.original_search import Hit, Search
from db.queries.originals import OriginalInfo, StoredOriginal
from db.queries.provider_health import (
    DURATION,
    EDGES_MS,
    FIRST_BYTE,
    HealthFilter,
    Latency,
    LatencyStep,
    PeriodErrors,
    ProviderOutcomes,
)
from db.queries.proxies import ProxySign
from db.queries.reading import StoreUnavailable, answering, reading
from db.queries.requests import COUNT_LIMIT, RequestFilter, RequestRow
from db.queries.routings import Rerouted, Routing
from db.queries.savings import PeriodSavings, ProviderSavings, Savings, SavingsFilter
from db.queries.sessions import SessionFilter, SessionRow
from db.queries.settings import SettingRow
from db.queries.turns import Neighbours, TurnRow
from db.queries.usage import GroupCached, GroupUsed, PeriodUsed, UsageFilter, Used

P = ParamSpec("P")
T = TypeVar("T")

KEPT_S = 1
"""How long an answer is used again; no page refreshes faster."""
TAB_GONE_S = 10
"""A tab that has not refreshed for this long is closed, or no longer live."""

_questions: dict[str, Callable[..., Any]] = {}


_opened: list[Any] = []


@st.cache_resource(show_spinner=False)
def _engine(url: str) -> Any:
    """:raises UserError: as `reader` does; a failure is not kept, so the next refresh tries again."""
    engine = reader(url)
    _opened.append(engine)
    return engine


@st.cache_data(ttl=KEPT_S, max_entries=500, show_spinner=False)
def _answer(name: str, url: str, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """By name: Streamlit tells cached functions apart by their source, which would be the same for all."""
    with reading(lambda: _engine(url)) as tx:
        return _questions[name](tx, *args, **named)


def _asks(question: Callable[Concatenate[Any, P], T]) -> Callable[P, T]:
    name = f"{question.__module__}.{question.__qualname__}"
    _questions[name] = question

    def ask(*args: P.args, **named: P.kwargs) -> T:
        answer: T = _answer(name, places.database_url(os.environ), args, named)
        return answer

    return ask


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a question cannot be answered: the person asked for something that is not there, or not a thing."""

    reason: str


def _asks_engine(question: Callable[Concatenate[Any, P], T]) -> Callable[P, T | Refused]:
    """For a question that reads in several steps, and tells the person what it cannot answer."""

    @wraps(question)
    def asked(tx: Any, /, *args: P.args, **named: P.kwargs) -> T | Refused:
        try:
            return question(tx.engine, *args, **named)
        except UserError as error:
            return Refused(str(error))

    return _asks(asked)


proxy_signs = _asks(proxies.signs)
session = _asks(sessions.one)
session_last_active = _asks(sessions.last_active)
sessions_latest = _asks(sessions.latest)
sessions_count = _asks(sessions.count)
session_newest_since = _asks(sessions.newest_since)
session_tail = _asks(live.tail)
changed_since = _asks(live.changed_since)
requests_page = _asks(requests.page)
requests_count = _asks(requests.count)
providers = _asks(requests.providers)
savings_by_provider = _asks(savings.by_provider)
savings_over_time = _asks(savings.over_time)
epochs = _asks(epochs_query.epochs)
masked_page = _asks(masked.page)
masked_count = _asks(masked.count)
masked_kinds = _asks(masked.kinds)
uses_of = _asks(masked.uses_of)
masked_by = _asks(masked.masked_by)
turn = _asks(turns.one)
turn_neighbours = _asks(turns.neighbours)
turn_newest = _asks(turns.newest)
setting_rows = _asks(settings.rows)
usage_groups = _asks(usage_query.groups)
usage_over_time = _asks(usage_query.over_time)
usage_total = _asks(usage_query.total)
usage_cached = _asks(usage_query.cached)
projects = _asks(usage_query.projects)
spent_by_day = _asks(costs_query.spent_by_day)
memory_over_time = _asks(memory_query.over_time)
memory_history = _asks(memory_query.history)
memory_sources = _asks(memory_query.sources)
memory_segments = _asks(memory_query.segments)
compressions = _asks(compression_log.compressions)
compression_sums = _asks(compression_log.compression_sums)
compression_notes = _asks(compression_log.compression_notes)
ide_events = _asks(ide_log.events)
ide_event_count = _asks(ide_log.event_count)
logged_calls = _asks(ide_log.logged)
logged_counts = _asks(ide_log.logged_counts)
limits_seen = _asks(limits.limits)
latencies = _asks(provider_health.latencies)
latency_distribution = _asks(provider_health.distribution)
provider_outcomes = _asks(provider_health.outcomes)
errors_over_time = _asks(provider_health.errors_over_time)
routing_decisions = _asks(routings.routings)
rerouted = _asks(routings.rerouted)
alert_rows = _asks(alerts.alert_rows)
alert_count = _asks(alerts.alert_count)
alert_open_count = _asks(alerts.open_count)
alert_newest_id = _asks(alerts.newest_id)
alerts_after = _asks(alerts.alerts_after)


@st.cache_resource(show_spinner=False)
def _control(url: str) -> Any:
    """:raises UserError: as `control` does."""
    engine = control(url)
    _opened.append(engine)
    return engine


def put_setting(key: str, value: object) -> None:
    """For the proxies, by its path in providers.toml; None gives it back to the files.

    :raises StoreUnavailable: if it cannot be stored.
    """
    with answering():
        outbox.put_setting(_control(places.database_url(os.environ)), key, value)
    _answer.clear()  # the page is drawn anew at once, and shall show it


def put_command(kind: str, payload: Mapping[str, object]) -> int:
    """Asks the proxies for something; the id is for `command_result`.

    :raises StoreUnavailable: if it cannot be stored.
    """
    with answering():
        return outbox.put_command(_control(places.database_url(os.environ)), kind, payload)


def command_result(command_id: int) -> dict[str, Any] | None:
    """`{"ok": …}` or `{"error": "…"}`; None while no proxy has answered. Asked anew each time.

    :raises StoreUnavailable: if the store does not answer.
    """
    with answering():
        found = outbox.command_result(_engine(places.database_url(os.environ)), command_id)
    if found is not None:
        _answer.clear()  # what was asked for has changed something
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def _overlaid(documents: tuple[Document, ...], changes: str) -> tuple[Settings, Mapping[str, str]]:
    """Kept by content: reading providers.toml takes a tenth of a second, and pages ask every second."""
    return overlay(documents, json.loads(changes))


def settings_in_use(*, files_only: bool = False) -> Settings:
    """Those of the files, and over them what was set here: what a proxy uses that has noticed both.

    :raises SettingsError: if the files cannot be used.
    :raises StoreUnavailable: if the store does not answer.
    """
    rows = [] if files_only else setting_rows()
    changes = {row.key: row.value for row in rows if row.value is not None and not row.error}
    found, _errors = _overlaid(tuple(settings_files.documents(os.environ)), json.dumps(changes))
    return found


original = _asks_engine(originals.original)
search_originals = _asks_engine(original_search.search)


@st.cache_resource(show_spinner=False)
def _live_tabs() -> dict[str, float]:
    """When each live tab last refreshed, on the monotonic clock."""
    return {}


def refresh_s(tab: str) -> int:
    """Seconds between refreshes that all live tabs together can keep up with; also notes that this tab is alive.

    Measured: five tabs at 1 Hz take one core, twenty finish no run at all.
    """
    tabs, now_s = _live_tabs(), time.monotonic()
    tabs[tab] = now_s
    alive = sum(now_s - seen_s < TAB_GONE_S for seen_s in list(tabs.values()))
    return 1 if alive <= 3 else 2 if alive <= 8 else 5


def forget() -> None:
    """Drop what is cached and close the connections: for tests, whose stores come and go."""
    for engine in _opened:
        engine.dispose()
    _opened.clear()
    st.cache_data.clear()
    st.cache_resource.clear()


__all__ = [
    "COUNT_LIMIT", "DURATION", "EDGES_MS", "FIRST_BYTE", "AlertFilter", "AlertRow", "CompressionFilter",
    "CompressionNote", "CompressionRow", "CompressionSums", "EpochRow", "GroupCached", "GroupUsed", "HealthFilter",
    "Hit", "IdeLogFilter", "IdeLogRow", "Latency", "LatencyStep", "LimitRow", "LiveRow", "LoggedCounts",
    "LoggedRow", "MaskedFilter", "MaskedRow", "MemoryFilter", "MemoryPeriod", "MemoryPoint", "MemorySource",
    "Neighbours", "OriginalInfo", "PeriodErrors", "PeriodSavings", "PeriodUsed", "ProviderOutcomes",
    "ProviderSavings", "ProxySign", "Refused", "RequestFilter", "RequestRow", "Rerouted", "Routing", "Savings",
    "SavingsFilter", "Search", "SegmentRow", "SessionFilter", "SessionRow", "SettingRow", "SettingsError",
    "StoreUnavailable", "StoredOriginal", "Tail", "TurnRow", "UsageFilter", "Use", "Used",
]  # fmt: skip
