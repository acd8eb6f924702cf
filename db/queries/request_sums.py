"""What all requests of a selection come to, for the figures above their table.

Exact, or not there. What the sums by the hour can choose is read from them, the rest of the first hour from its
requests. By other filters requests are added up one by one: those of a session, or as many as the table has pages for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from db.queries.matching import WHERE, only
from db.queries.requests import COUNT_LIMIT, RequestFilter, conditions, count
from db.queries.tallied import allowed, joined, tallied, total
from db.queries.usage import Used
from db.records import rolling, tallies
from db.tables import completions, rollup_hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Of the answered requests: what was kept out of their prompts, and what of these was cached."""

    before_tokens: int
    """Estimate as received."""
    sent_tokens: int
    """Estimate as forwarded, by the same counter."""
    cached_tokens: int
    reported_tokens: int
    """Prompt tokens of the requests whose answer says how many were cached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSums:
    """None is what would take too long to add up."""

    requests: int
    """Where `used` is None, `COUNT_LIMIT + 1`, which means more than that."""
    used: Used | None
    kept: Kept | None


_SAME = ("errors", "prompt_tokens", "completion_tokens", "cost_usd", "cost_unmodified_usd", "cost_uncached_usd",
         "unpriced")  # fmt: skip
_USED = {"requests": "completions"} | {name: name for name in _SAME}
"""The fields of `Used`, and what they are in `rolling.AMOUNTS`."""
_KEPT = tuple(Kept.__slots__)
"""The same names in `tallies.AMOUNTS`."""


def sums(tx: Connection, wanted: RequestFilter) -> RequestSums:
    is_tallied = not (wanted.session_id or wanted.outcome or wanted.user or wanted.proxy_id)
    if is_tallied and not wanted.kind:
        used = _used(_totals(tx, _by_the_hour(wanted), _USED.values()))
        return RequestSums(requests=used.requests, used=used, kept=_tallied(tx, wanted))
    if not wanted.session_id and (counted := count(tx, wanted)) > COUNT_LIMIT:
        return RequestSums(requests=counted, used=None, kept=_tallied(tx, wanted) if is_tallied else None)
    amounts = {name: rolling.AMOUNTS[name] for name in _USED.values()} | {name: tallies.AMOUNTS[name] for name in _KEPT}
    calls = select(*(amount.label(name) for name, amount in amounts.items())).where(*conditions(wanted))
    found = _totals(tx, calls.subquery().c, amounts)
    used = _used(found)
    return RequestSums(requests=used.requests, used=used, kept=_kept(found))


def _by_the_hour(wanted: RequestFilter) -> Any:
    """Columns to be summed, by the names of `rolling.AMOUNTS`; as `tallied` has others."""
    where = only(wanted, *WHERE)
    hours = select(*(rollup_hour.c[name] for name in _USED.values())).where(*allowed(rollup_hour.c, where))
    calls = select(*(rolling.AMOUNTS[name].label(name) for name in _USED.values()))
    calls = calls.where(*allowed(completions.c, where))
    if wanted.since_ms is not None:
        calls = calls.where(completions.c.started_at_ms >= wanted.since_ms)
    return joined(hours, rollup_hour.c.hour_ms, calls, wanted.since_ms)


def _tallied(tx: Connection, wanted: RequestFilter) -> Kept:
    return _kept(_totals(tx, tallied(_KEPT, wanted.since_ms, only(wanted, *WHERE, "kind")), _KEPT))


def _totals(tx: Connection, row: Any, names: Iterable[str]) -> dict[str, Any]:
    return dict(tx.execute(select(*(total(row[name]).label(name) for name in names))).mappings().one())


def _used(found: Mapping[str, Any]) -> Used:
    return Used(**{field: found[name] for field, name in _USED.items()})


def _kept(found: Mapping[str, Any]) -> Kept:
    return Kept(**{name: found[name] for name in _KEPT})
