"""Sums over requests of any period: of its whole hours from what was summed when they were written, of the rest of an
hour at its beginning from the requests themselves. So they are exact, and a million requests are read as some thousand
rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, not_, select, union_all

from db.records.hours import HOUR_MS
from db.records.tallies import AMOUNTS, ANSWERED, IS_DELETED, OF_ANSWERED
from db.tables import completions, tally_hour

KEYS = ("provider", "model", "project", "kind")
Only = Mapping[str, Sequence[str]]
"""Values that a key may have; a key that is not named, or has none, does not filter."""
_call, _hour = completions.c, tally_hour.c


def tallied(
    names: Sequence[str], since_ms: int | None, only: Only, *, session_id: str = "", finer: bool = False
) -> Any:
    """Columns to be summed by `total`: `at_ms`, the keys, and these amounts of `tallies.AMOUNTS`.

    `at_ms` is when the request began, or its hour. Requests of deleted sessions are left out, except where one of these
    is asked for.

    :param session_id: all requests of this session, one by one: there are no sums of its hours.
    :param finer: all requests one by one, because they are wanted by spans shorter than an hour.
    """
    calls = _calls(names).where(*allowed(_call, only))
    if session_id:
        calls = calls.where(_call.session_id == session_id)
    if since_ms is not None:
        calls = calls.where(_call.started_at_ms >= since_ms)
    if session_id:
        return calls.subquery().c
    if finer:
        return calls.where(not_(IS_DELETED)).subquery().c
    hours = select(_hour.hour_ms.label("at_ms"), *(_hour[key] for key in KEYS), *(_hour[name] for name in names))
    return joined(hours.where(*allowed(_hour, only)), _hour.hour_ms, calls, since_ms)


def _calls(names: Sequence[str]) -> Select[Any]:
    """What each request adds; only the answered ones where no other adds anything."""
    of_answered = all(name in OF_ANSWERED for name in names)
    amounts = OF_ANSWERED if of_answered else AMOUNTS
    columns = (_call.started_at_ms.label("at_ms"), *(_call[key] for key in KEYS))
    calls = select(*columns, *(amounts[name].label(name) for name in names))
    return calls.where(ANSWERED) if of_answered else calls


def joined(
    spans: Select[Any],
    begins_at_ms: ColumnElement[int],
    calls: Select[Any],
    since_ms: int | None,
    span_ms: int = HOUR_MS,
) -> Any:
    """Both together: whole spans, and before the first of them the calls."""
    if since_ms is None:
        return spans.subquery().c
    first_ms = -(-since_ms // span_ms) * span_ms
    spans = spans.where(begins_at_ms >= first_ms)
    if first_ms == since_ms:
        return spans.subquery().c
    before = calls.where(_call.started_at_ms < first_ms, not_(IS_DELETED))
    return union_all(spans, before).subquery().c


def allowed(columns: Any, only: Only) -> list[ColumnElement[bool]]:
    return [columns[key].in_(values) for key, values in only.items() if any(values)]


def total(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum; a whole number also where PostgreSQL would make it a decimal one."""
    amount = func.coalesce(func.sum(column), 0)
    return amount if column.name.endswith("_usd") else cast(amount, BigInteger)
