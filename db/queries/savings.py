"""What was kept out of requests, what the prefix cache served, and what both came to in money."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from db.models import Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsFilter:
    """Which completions; an empty field does not filter."""

    since_ms: int | None = None
    provider: str = ""
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


_ANSWERED = and_(Completion.status.between(200, 299), Completion.outcome.not_in(("blocked", "error")))
"""As the counters of sessions have it (`db.records.amounts`)."""
_COUNTED = and_(Completion.prompt_tokens_before.is_not(None), Completion.prompt_tokens_sent.is_not(None))
_REPORTED = and_(Completion.cached_tokens.is_not(None), Completion.prompt_tokens > 0)
_PRICED = and_(Completion.cost_usd.is_not(None), Completion.cost_unmodified_usd.is_not(None))


def _sum(condition: ColumnElement[bool], amount: Any) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)


_SUMS = {
    "requests": func.count(),
    "before_tokens": _sum(_COUNTED, Completion.prompt_tokens_before),
    "masked_tokens": _sum(_COUNTED, Completion.masked_tokens_saved),
    "compressed_tokens": _sum(_COUNTED, Completion.compressed_tokens_saved),
    "sent_tokens": _sum(_COUNTED, Completion.prompt_tokens_sent),
    "cached_tokens": _sum(_REPORTED, Completion.cached_tokens),
    "reported_tokens": _sum(_REPORTED, Completion.prompt_tokens),
    "reported": _sum(_REPORTED, 1),
    "cost_usd": _sum(_PRICED, Completion.cost_usd),
    "cost_unmodified_usd": _sum(_PRICED, Completion.cost_unmodified_usd),
    "priced": _sum(_PRICED, 1),
}
_COLUMNS = [amount.label(name) for name, amount in _SUMS.items()]


def by_provider(tx: Connection, wanted: SavingsFilter) -> list[ProviderSavings]:
    """The one with most requests first."""
    query = _where(select(Completion.provider, *_COLUMNS), wanted).group_by(Completion.provider)
    rows = tx.execute(query.order_by(func.count().desc(), Completion.provider)).mappings()
    return [ProviderSavings(**row) for row in rows]


def over_time(tx: Connection, wanted: SavingsFilter, span_ms: int) -> list[PeriodSavings]:
    """By span of time and provider, the earliest first; spans without a request are left out."""
    at_ms = (Completion.started_at_ms // span_ms * span_ms).label("at_ms")
    query = _where(select(at_ms, Completion.provider, *_COLUMNS), wanted).group_by(at_ms, Completion.provider)
    return [PeriodSavings(**row) for row in tx.execute(query.order_by(at_ms, Completion.provider)).mappings()]


def _where(query: Select[Any], wanted: SavingsFilter) -> Select[Any]:
    query = query.where(_ANSWERED)
    if wanted.since_ms is not None:
        query = query.where(Completion.started_at_ms >= wanted.since_ms)
    if wanted.provider:
        query = query.where(Completion.provider == wanted.provider)
    if wanted.session_id:
        query = query.where(Completion.session_id == wanted.session_id)
    return query
