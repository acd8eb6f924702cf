"""The sums per hour."""

from sqlalchemy import Engine

from db.records import hours
from tests.db.stores import NOW_MS, Ask, MakeCompletion

HOUR = hours.HOUR_MS


def write(engine: Engine, *records: object) -> None:
    with engine.begin() as tx:
        hours.write(tx, records)  # type: ignore[arg-type]


def test_hours_are_kept_apart_by_provider_model_and_project(
    engine: Engine, make_completion: MakeCompletion, ask: Ask
) -> None:
    start = NOW_MS // HOUR * HOUR
    write(
        engine,
        make_completion(started_at_ms=start, prompt_tokens=1),
        make_completion(started_at_ms=start + HOUR - 1, prompt_tokens=10),
        make_completion(started_at_ms=start + HOUR, prompt_tokens=100),
        make_completion(started_at_ms=start, prompt_tokens=1000, model="other"),
        make_completion(started_at_ms=start, prompt_tokens=10_000, project="other"),
        make_completion(started_at_ms=start, prompt_tokens=100_000, provider="other"),
    )
    found = ask("SELECT hour_ms, prompt_tokens FROM rollup_hour")
    assert sorted((row["hour_ms"] - start, row["prompt_tokens"]) for row in found) == [
        (0, 11),
        (0, 1000),
        (0, 10_000),
        (0, 100_000),
        (HOUR, 100),
    ]
