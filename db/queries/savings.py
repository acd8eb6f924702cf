"""What was kept out of requests, what the prefix cache served, and what both came to in money."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from db.queries.matching import WHERE, only
from db.queries.tallied import tallied, total
from db.records.hours import HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsFilter:
    """Which completions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
    model: str = ""
    project: str = ""
    session_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """Sums over the answered requests: one that was refused costs nothing and saves nothing."""

    requests: int
    before_tokens: int
    """Estimate as received."""
    masked_tokens: int
    compressed_tokens: int
    sent_tokens: int
    """Estimate as forwarded, by the same counter."""
    cached_tokens: int
    reported_tokens: int
    """Prompt tokens of the requests whose answer says how many were cached."""
    reported: int
    """Those requests."""
    cost_usd: float
    """Of the requests that are priced both with and without us."""
    cost_unmodified_usd: float
    priced: int
    """Those requests."""

    @property
    def cache_share(self) -> float | None:
        return self.cached_tokens / self.reported_tokens if self.reported_tokens else None

    @property
    def net_usd(self) -> float | None:
        """Negative where rewriting cost more in the prefix cache than it saved; None where nothing is priced."""
        return self.cost_unmodified_usd - self.cost_usd if self.priced else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSavings(Savings):
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSavings(ProviderSavings):
    at_ms: int
    """Where the time span begins; spans are counted from 1970-01-01 UTC."""


_NAMES = tuple(each.name for each in fields(Savings) if each.name != "requests")
"""Of the amounts; `requests` are the answered ones."""


def by_provider(tx: Connection, wanted: SavingsFilter) -> list[ProviderSavings]:
    """The one with most requests first."""
    row = _rows(wanted)
    sums = _sums(row)
    query = select(row.provider, *sums).group_by(row.provider).having(sums[0] > 0)
    rows = tx.execute(query.order_by(sums[0].desc(), row.provider)).mappings()
    return [ProviderSavings(**row) for row in rows]


def over_time(tx: Connection, wanted: SavingsFilter, span_ms: int) -> list[PeriodSavings]:
    """By span of time and provider, the earliest first; spans without a request are left out.

    :param span_ms: whole hours, or less than one.
    """
    row = _rows(wanted, finer=span_ms < HOUR_MS)
    at_ms, sums = (row.at_ms // span_ms * span_ms).label("at_ms"), _sums(row)
    query = select(at_ms, row.provider, *sums).group_by(at_ms, row.provider).having(sums[0] > 0)
    return [PeriodSavings(**row) for row in tx.execute(query.order_by(at_ms, row.provider)).mappings()]


def _rows(wanted: SavingsFilter, *, finer: bool = False) -> Any:
    names = ("answered", *_NAMES)
    return tallied(names, wanted.since_ms, only(wanted, *WHERE), session_id=wanted.session_id, finer=finer)


def _sums(row: Any) -> list[ColumnElement[Any]]:
    return [total(row.answered).label("requests"), *(total(row[name]).label(name) for name in _NAMES)]
