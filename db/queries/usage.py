"""What was used and what it cost, by provider, model and project, and over time: from the hourly sums."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from db.models import RollupHour
from db.queries.matching import WHERE, matching, only
from db.queries.tallied import tallied
from db.queries.tallied import total as summed
from db.records.hours import HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFilter:
    """Which hours; an empty field does not filter."""

    since_ms: int | None = None
    """The hour that holds this moment counts as a whole: sums are kept by the hour."""
    provider: str = ""
    model: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Sums over requests."""

    requests: int = 0
    errors: int = 0
    prompt_tokens: int = 0
    """Reported, else estimated."""
    completion_tokens: int = 0
    """Reasoning tokens included."""
    cost_usd: float = 0.0
    """Of the requests whose price is known."""
    cost_unmodified_usd: float = 0.0
    """Had nothing been rewritten."""
    cost_uncached_usd: float = 0.0
    """Had no provider cached a prefix."""
    unpriced: int = 0
    """Requests that used tokens and whose price is not known."""

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    @property
    def known_usd(self) -> float | None:
        """None where no price at all is known; with `unpriced` requests it is the least that was spent."""
        return self.cost_usd if self.cost_usd or not self.unpriced else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupUsed(Used):
    """Of one model of one provider, in one project; "" where the project is not known."""

    provider: str
    model: str
    project: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodUsed(Used):
    """Of one provider in one span of time."""

    at_ms: int
    """Where the span begins."""
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCached:
    """How much of a group's prompts came from a cache, where the provider says so; other groups have no row."""

    provider: str
    model: str
    project: str
    cached_tokens: int
    reported_tokens: int
    """Prompt tokens of the requests whose answer says how many were cached; never 0."""


_SUMS: list[ColumnElement[Any]] = [
    func.sum(column).label(name)
    for name, column in (
        ("requests", RollupHour.completions),
        ("errors", RollupHour.errors),
        ("prompt_tokens", RollupHour.prompt_tokens),
        ("completion_tokens", RollupHour.completion_tokens),
        ("cost_usd", RollupHour.cost_usd),
        ("cost_unmodified_usd", RollupHour.cost_unmodified_usd),
        ("cost_uncached_usd", RollupHour.cost_uncached_usd),
        ("unpriced", RollupHour.unpriced),
    )
]
_GROUP: tuple[Any, ...] = (RollupHour.provider, RollupHour.model, RollupHour.project)


def groups(tx: Connection, wanted: UsageFilter) -> list[GroupUsed]:
    """By provider, model and project; the one with most requests first."""
    query = _where(select(*_GROUP, *_SUMS), wanted).group_by(*_GROUP)
    query = query.order_by(func.sum(RollupHour.completions).desc(), *_GROUP)
    return [GroupUsed(**row) for row in tx.execute(query).mappings()]


def over_time(tx: Connection, wanted: UsageFilter, span_ms: int, offset_ms: int = 0) -> list[PeriodUsed]:
    """By span of time and provider, the earliest first; spans without a request are left out.

    :param span_ms: whole hours.
    :param offset_ms: how far the person's clock is ahead of UTC, so that their days begin at midnight. One offset for
        all days: where the clocks change within the period, days on the other side of it begin an hour off.
    """
    at_ms = ((RollupHour.hour_ms + offset_ms) // span_ms * span_ms - offset_ms).label("at_ms")
    query = _where(select(at_ms, RollupHour.provider, *_SUMS), wanted).group_by(at_ms, RollupHour.provider)
    return [PeriodUsed(**row) for row in tx.execute(query.order_by(at_ms, RollupHour.provider)).mappings()]


def total(tx: Connection, wanted: UsageFilter) -> Used:
    """Of all that the filter leaves."""
    row = tx.execute(_where(select(*_SUMS), wanted)).mappings().one()
    return Used(**{name: amount or 0 for name, amount in row.items()})


def cached(tx: Connection, wanted: UsageFilter) -> list[GroupCached]:
    """Of answered requests; where nobody said anything is no row, and "nothing was cached" is one."""
    since_ms = None if wanted.since_ms is None else wanted.since_ms // HOUR_MS * HOUR_MS
    row = tallied(("cached_tokens", "reported_tokens"), since_ms, only(wanted, *WHERE))
    names, reported = (row.provider, row.model, row.project), summed(row.reported_tokens).label("reported_tokens")
    query = select(*names, summed(row.cached_tokens).label("cached_tokens"), reported).group_by(*names)
    return [GroupCached(**found) for found in tx.execute(query.having(reported > 0).order_by(*names)).mappings()]


def projects(tx: Connection) -> list[str]:
    """Every project that was ever worked on, by name."""
    names = select(RollupHour.project).distinct().where(RollupHour.project != "")
    return list(tx.scalars(names.order_by(RollupHour.project)))


def models(tx: Connection, provider: str = "") -> list[str]:
    """Every model that was ever called, by name; of one provider, if one is named."""
    names = select(RollupHour.model).distinct().where(RollupHour.model != "")
    if provider:
        names = names.where(RollupHour.provider == provider)
    return list(tx.scalars(names.order_by(RollupHour.model)))


def _where(query: Select[Any], wanted: UsageFilter) -> Select[Any]:
    if wanted.since_ms is not None:
        query = query.where(RollupHour.hour_ms >= wanted.since_ms // HOUR_MS * HOUR_MS)
    return query.where(*matching(RollupHour, wanted))
