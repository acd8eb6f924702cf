"""The counters of sessions and hours, raised once per key and batch."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, case, func

from addons.domain.completion import Completion
from addons.domain.kinds import FILLS_CONTEXT
from db import revs, upsert
from db.records.amounts import HOUR_SUMS, SESSION_SUMS, amounts
from db.tables import rollup_hour, sessions
from db.text import safe, storable

HOUR_MS = 3_600_000
LATEST = ("context_window", "context_fill", "memory_tokens", "memory_ratio")
"""Columns of a session with the latest known value, of a completion that fills the context."""

Row = dict[str, Any]


def raise_sessions(tx: Connection, completions: Sequence[Completion]) -> None:
    """Counters and latest values; a session that has no row yet gets one with what its completions know of it."""
    by_session: dict[str, list[Completion]] = defaultdict(list)
    for completion in completions:
        if completion.session_id is not None:
            by_session[completion.session_id].append(completion)
    speaking: list[Row] = []
    silent: list[Row] = []
    for (session_id, found), rev in zip(by_session.items(), revs.take(tx, len(by_session)), strict=True):
        filling = [each for each in found if each.kind in FILLS_CONTEXT]
        (speaking if filling else silent).append(_session_row(session_id, found, filling, rev))
    if speaking:
        tx.execute(_session_statement(tx, names_model=True), speaking)
    if silent:
        tx.execute(_session_statement(tx, names_model=False), silent)


def raise_hours(tx: Connection, completions: Iterable[Completion]) -> None:
    """The sums per hour, provider, model and project."""
    sums: dict[tuple[int, str, str, str], dict[str, float]] = {}
    for completion in completions:
        hour_ms = completion.started_at_ms // HOUR_MS * HOUR_MS
        names = storable(completion.provider, 60), storable(completion.model, 200), storable(completion.project, 200)
        total = sums.setdefault((hour_ms, *names), dict.fromkeys(HOUR_SUMS, 0))
        for name, amount in amounts(completion).items():
            total[name] += amount
    rows = [
        {"hour_ms": hour_ms, "provider": provider, "model": model, "project": project, **total}
        # In one order everywhere, so that two writers never wait for each other's rows.
        for (hour_ms, provider, model, project), total in sorted(sums.items(), key=lambda item: item[0])
    ]
    statement = upsert.insert(tx, rollup_hour)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=list(rollup_hour.primary_key.columns),
            set_=upsert.added(statement, rollup_hour, HOUR_SUMS),
        ),
        rows,
    )


def _session_row(session_id: str, found: list[Completion], filling: list[Completion], rev: int) -> Row:
    speaker, first = (filling or found)[-1], found[0]
    parts = [amounts(each) for each in found]
    return {
        "id": session_id,
        "name": safe(first.session_name, 200),
        "project": storable(first.project, 200),
        "source": str(first.source),
        "provider": storable(speaker.provider, 60),
        "model": storable(speaker.model, 200),
        "created_at_ms": min(each.started_at_ms for each in found),
        "last_seen_ms": max(each.started_at_ms for each in found),
        "turns": max(each.turn or 0 for each in found),
        "rev": rev,
        **{name: sum(part[name] for part in parts) for name in SESSION_SUMS},
        **{name: _last_known(filling, name) for name in LATEST},
    }


def _last_known(completions: list[Completion], name: str) -> float | None:
    values: Iterable[float | None] = (getattr(each, name) for each in reversed(completions))
    return next((value for value in values if value is not None), None)


def _session_statement(tx: Connection, *, names_model: bool) -> upsert.Insert:
    """`names_model`: the row's provider and model replace those the session has."""
    statement = upsert.insert(tx, sessions)
    stored, new = sessions.c, statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[stored.id],
        set_={
            **upsert.added(statement, sessions, SESSION_SUMS),
            **{name: func.coalesce(new[name], stored[name]) for name in LATEST},
            "provider": new.provider
            if names_model
            else case((stored.provider == "", new.provider), else_=stored.provider),
            "model": new.model if names_model else case((stored.model == "", new.model), else_=stored.model),
            "turns": upsert.larger(statement, sessions, "turns"),
            "last_seen_ms": upsert.larger(statement, sessions, "last_seen_ms"),
            "rev": new.rev,
        },
    )
