"""Whatever people do to sessions, what the counters say is what the completions say."""

import shutil
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from addons.domain.completion import Completion, Outcome
from addons.domain.errors import UserError
from addons.domain.kinds import Kind
from db import managing
from db.engine import opened, writer
from db.hiding import purge_deleted
from db.records.amounts import HOUR_SUMS, SESSION_SUMS, amounts
from db.records.hours import HOUR_MS
from db.schema import upgrade
from db.tables import completions, rollup_hour, sessions
from db.writing import write
from tests.db.stores import NOW_MS, make_decision, make_original

HOURS = ("hour_ms", "provider", "model", "project")
NO_SHRINK = [Phase.explicit, Phase.generate]
"""A store for each step of shrinking would take minutes; the steps of what failed are few enough to read."""
IDS = st.sampled_from(["s-0", "s-1", "s-2"])


@st.composite
def calls(draw: st.DrawFn) -> Completion:
    return Completion(
        session_id=draw(IDS | st.none()),
        started_at_ms=NOW_MS + draw(st.integers(0, 3)) * HOUR_MS // 2,
        provider=draw(st.sampled_from(["kimi-code", "groq"])),
        model="m",
        kind=draw(st.sampled_from([Kind.CHAT, Kind.TITLE])),
        stream=True,
        status=draw(st.sampled_from([200, 429, None])),
        outcome=draw(st.sampled_from(list(Outcome))),
        project=draw(st.sampled_from(["", "shop"])),
        prompt_tokens_before=draw(st.none() | st.integers(0, 900)),
        prompt_tokens_sent=draw(st.none() | st.integers(0, 900)),
        prompt_tokens=draw(st.none() | st.integers(0, 900)),
        cached_tokens=draw(st.none() | st.integers(0, 9)),
        completion_tokens=draw(st.none() | st.integers(0, 9)),
        memory_tokens=draw(st.none() | st.integers(0, 9)),
        cost_usd=draw(st.none() | st.sampled_from([0.0, 0.25, 1.5])),
        cost_unmodified_usd=draw(st.none() | st.sampled_from([0.5, 2.0])),
        turn=draw(st.none() | st.integers(1, 5)),
    )


STEPS = st.one_of(
    st.tuples(st.just("write"), st.lists(calls(), min_size=1, max_size=4)),
    st.tuples(st.just("split_session"), st.integers(0, 9)),
    st.tuples(st.just("merge_sessions"), st.integers(0, 99)),
    st.tuples(st.sampled_from(["delete_session", "restore_session", "erase_session"]), st.integers(0, 9)),
    st.tuples(st.just("file_session"), st.integers(0, 9)),
    st.tuples(st.just("rename_project"), st.just(0)),
    st.tuples(st.just("purge"), st.sampled_from([0, 2 * NOW_MS])),
)


def do(engine: Engine, step: str, argument: Any) -> None:
    """One step; what cannot be done is refused, and changes nothing."""
    with engine.begin() as tx:
        if step == "write":
            write(
                tx,
                [
                    *argument,
                    *(
                        make_original(f"of {call.session_id}", session_id=call.session_id)
                        for call in argument
                        if call.session_id
                    ),
                ],
                "p-1",
            )
            write(tx, [make_decision(session_id=call.session_id) for call in argument if call.session_id], "p-1")
            return
        if step == "purge":
            purge_deleted(tx, argument)
            return
        ids = list(tx.scalars(select(sessions.c.id).order_by(sessions.c.id)))
        requests = list(tx.scalars(select(completions.c.id).order_by(completions.c.id)))
    if not ids or not requests:
        return
    one, other = ids[argument % len(ids)], ids[argument // 10 % len(ids)]
    payload = {
        "session_id": one,
        "other_id": other,
        "completion_id": requests[argument % len(requests)],
        "project": "shop",
        "name": "store",
    }
    if step == "split_session":
        with engine.begin() as tx:
            owner = tx.scalar(select(completions.c.session_id).where(completions.c.id == payload["completion_id"]))
        payload["session_id"] = owner or one
    with suppress(UserError):  # it says why; here it only must not change anything
        managing.HANDLERS[step](engine, payload)


def recorded(row: Mapping[str, Any]) -> dict[str, float]:
    known = {field.name for field in fields(Completion)} - {"composition", "parts", "tool_tokens", "largest"}
    return amounts(Completion(**{name: value for name, value in row.items() if name in known}))


def check(engine: Engine) -> None:
    with engine.connect() as tx:
        rows = tx.execute(select(completions)).mappings().all()
        stored = {row["id"]: row for row in tx.execute(select(sessions)).mappings()}
        hours = {tuple(row[name] for name in HOURS): row for row in tx.execute(select(rollup_hour)).mappings()}
    by_session: dict[str, dict[str, float]] = {id_: dict.fromkeys(SESSION_SUMS, 0.0) for id_ in stored}
    by_hour: dict[tuple[Any, ...], dict[str, float]] = defaultdict(lambda: dict.fromkeys(HOUR_SUMS, 0.0))
    for row in rows:
        amount = recorded(dict(row))
        hour = (row["started_at_ms"] // HOUR_MS * HOUR_MS, row["provider"], row["model"], row["project"])
        owner = stored.get(row["session_id"])
        for name in SESSION_SUMS if owner else ():
            by_session[row["session_id"]][name] += amount[name]
        for name in HOUR_SUMS if owner is None or owner["deleted_at_ms"] is None else ():
            by_hour[hour][name] += amount[name]
    for id_, sums in by_session.items():
        assert {name: stored[id_][name] for name in SESSION_SUMS} == pytest.approx(sums), id_
    assert hours.keys() == by_hour.keys()
    for hour, sums in by_hour.items():
        assert {name: hours[hour][name] for name in HOUR_SUMS} == pytest.approx(sums), hour


@settings(
    max_examples=25,
    deadline=None,
    phases=NO_SHRINK,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS, min_size=2, max_size=9))
def test_counters_and_hours_are_the_sums_of_the_completions_whatever_is_done(
    own_places: Path, steps: list[tuple[str, Any]]
) -> None:
    for part in own_places.glob("property.db*"):
        part.unlink()
    if not (empty := own_places / "empty.db").exists():  # migrated once, for all examples
        with opened(writer, f"sqlite:///{empty}") as engine:
            upgrade(engine)
    shutil.copy(empty, own_places / "property.db")
    with opened(writer, f"sqlite:///{own_places / 'property.db'}") as engine:
        do(
            engine,
            "write",
            [
                Completion(
                    session_id=f"s-{at % 2}",
                    started_at_ms=NOW_MS + at,
                    provider="groq",
                    model="m",
                    kind=Kind.CHAT,
                    stream=True,
                    outcome=Outcome.OK,
                    status=200,
                    prompt_tokens=at,
                )
                for at in range(6)
            ],
        )
        for step, argument in steps:
            do(engine, step, argument)
            check(engine)
