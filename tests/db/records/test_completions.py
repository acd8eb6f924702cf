"""Rows of completions."""

import json
from dataclasses import fields

from sqlalchemy import Engine

from addons.domain.completion import Completion, Outcome, Source
from addons.domain.kinds import Kind
from addons.domain.usage import UsageSource
from db.records import traffic
from db.tables import completions as table
from tests.db.stores import NOW_MS, Ask, MakeCompletion


def test_every_field_has_its_column() -> None:
    elsewhere = {"session_name", "messages"}  # the first is the session's, the other has a table of its own
    names = {field.name for field in fields(Completion)} - elsewhere
    assert names == set(table.columns.keys()) - {"id", "rev"}


def test_every_value_comes_back_as_it_was(engine: Engine, ask: Ask) -> None:
    values = {
        "session_id": "s-1",
        "project": "kimi",
        "started_at_ms": NOW_MS,
        "source": Source.LEGACY,
        "provider": "openrouter",
        "model": "moonshotai/kimi-k2",
        "routed_from": "kimi-code/kimi-for-coding",
        "kind": Kind.COMPACTION,
        "stream": False,
        "status": 200,
        "outcome": Outcome.CLIENT_ABORT,
        "error_class": "transport",
        "error_message": "é" * 500,
        "usage_source": UsageSource.LOGGED,
        "context_fill": 0.25,
        "epoch": True,
        "turn": 4,
        "retry_of_ms": NOW_MS - 1,
        "trace_id": "t-1",
        "proxy_id": "p-9",
    }
    with engine.begin() as tx:
        traffic.write(tx, [Completion(**values, composition={"tools": 7})], "p-1")
    (row,) = ask("SELECT * FROM completions")
    assert {name: row[name] for name in values} == values
    assert json.loads(row["composition"]) == {"tools": 7}
    assert (row["prompt_tokens"], row["cost_usd"], row["ttfb_ms"]) == (None, None, None)


def test_text_that_a_database_would_refuse_is_made_storable(
    engine: Engine, make_completion: MakeCompletion, ask: Ask
) -> None:
    with engine.begin() as tx:
        traffic.write(tx, [make_completion(model="m\ud800\0", error_message="x" * 900)], "p-1")
    (row,) = ask("SELECT model, length(error_message) AS length FROM completions")
    assert row == {"model": "m?", "length": 500}
