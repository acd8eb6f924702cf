"""The same amounts as `amounts`, reckoned by the database from rows of completions: for whole sessions at once."""

from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, select

from db import upsert
from db.records import tallies
from db.records.amounts import FAILED, HOUR_SUMS, UNANSWERED
from db.records.hours import HOUR_MS
from db.tables import completions, rollup_hour

_call = completions.c


def _names(outcomes: Iterable[str]) -> list[str]:
    return sorted(map(str, outcomes))


_ANSWERED = and_(_call.status.between(200, 299), _call.outcome.not_in(_names(UNANSWERED)))
_COUNTED = and_(_ANSWERED, _call.prompt_tokens_before.is_not(None), _call.prompt_tokens_sent.is_not(None))
_PROMPT = func.coalesce(_call.prompt_tokens, case((_ANSWERED, _call.prompt_tokens_sent)), 0)
_COMPLETION = func.coalesce(_call.completion_tokens, 0)
_COST = func.coalesce(_call.cost_usd, 0.0)

AMOUNTS: dict[str, ColumnElement[Any]] = {
    "completions": case((_call.id.is_not(None), 1), else_=0),
    "errors": case((_call.outcome.in_(_names(FAILED)), 1), else_=0),
    "prompt_tokens": _PROMPT,
    "cached_tokens": func.coalesce(_call.cached_tokens, 0),
    "completion_tokens": _COMPLETION,
    "reasoning_tokens": func.coalesce(_call.reasoning_tokens, 0),
    "saved_tokens": case((_COUNTED, _call.prompt_tokens_before - _call.prompt_tokens_sent), else_=0),
    "memory_tokens": case((_ANSWERED, func.coalesce(_call.memory_tokens, 0)), else_=0),
    "cost_usd": _COST,
    "cost_unmodified_usd": func.coalesce(_call.cost_unmodified_usd, _COST),
    "cost_uncached_usd": func.coalesce(_call.cost_uncached_usd, _COST),
    "unpriced": case((and_(_call.cost_usd.is_(None), _PROMPT + _COMPLETION > 0), 1), else_=0),
}
"""What one completion adds, by the names of `HOUR_SUMS`."""


def shift(tx: Connection, which: ColumnElement[bool], sign: Literal[1, -1]) -> None:
    """Adds these completions to the sums of their hours, or takes them out; an hour in which nothing is left goes."""
    keys = [(_call.started_at_ms // HOUR_MS * HOUR_MS).label("hour_ms"), _call.provider, _call.model, _call.project]
    # In two steps: PostgreSQL does not see that two expressions with parameters are the same.
    rows = select(*keys, *(AMOUNTS[name].label(name) for name in HOUR_SUMS)).where(which).subquery().c
    own = [rows[key.name] for key in keys]
    sums = select(*own, *(sign * func.sum(rows[name]) for name in HOUR_SUMS)).group_by(*own)
    names = [*(key.name for key in keys), *HOUR_SUMS]
    statement = upsert.insert(tx, rollup_hour).from_select(names, sums)
    added = upsert.added(statement, rollup_hour, HOUR_SUMS)
    tx.execute(statement.on_conflict_do_update(index_elements=list(rollup_hour.primary_key.columns), set_=added))
    if sign < 0:
        tx.execute(delete(rollup_hour).where(rollup_hour.c.completions <= 0))
    tallies.shift(tx, which, sign)
