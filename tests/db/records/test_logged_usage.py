"""Usage from the IDE's log, beside the calls of the proxy."""

from typing import Any

from sqlalchemy import Engine

from addons.domain.kinds import Kind
from addons.domain.logged_usage import LoggedUsage
from addons.domain.usage import UsageSource
from db import writing
from tests.db.stores import NOW_MS, Ask, MakeCompletion

THREE = (
    "SELECT source, prompt_tokens_before, prompt_tokens, usage_source, logged_at_ms, logged_prompt_tokens,"
    " logged_completion_tokens FROM completions ORDER BY id"
)


def logged(**fields: Any) -> LoggedUsage:
    usual: dict[str, Any] = {
        "at_ms": NOW_MS + 4_300,
        "model": "kimi-for-coding",
        "prompt_tokens": 5_120,
        "completion_tokens": 310,
    }
    return LoggedUsage(**(usual | fields))


def write(engine: Engine, *records: object) -> None:
    with engine.begin() as tx:
        writing.write(tx, records, "p-1")


def reported(make_completion: MakeCompletion, **fields: Any) -> Any:
    usual: dict[str, Any] = {
        "started_at_ms": NOW_MS,
        "duration_ms": 4_200.0,
        "prompt_tokens_before": 6_000,
        "prompt_tokens": 6_100,
        "completion_tokens": 305,
        "usage_source": UsageSource.REPORTED,
    }
    return make_completion(**(usual | fields))


def test_one_row_shows_what_was_estimated_reported_and_logged(
    engine: Engine, make_completion: MakeCompletion, ask: Ask
) -> None:
    write(engine, logged(), reported(make_completion))  # in one batch, the log's line first
    assert ask(THREE) == [
        {
            "source": "proxy",
            "prompt_tokens_before": 6_000,
            "prompt_tokens": 6_100,
            "usage_source": "reported",
            "logged_at_ms": NOW_MS + 4_300,
            "logged_prompt_tokens": 5_120,
            "logged_completion_tokens": 310,
        }
    ]


def test_readers_notice_the_correction(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, reported(make_completion))
    (before,) = ask("SELECT rev FROM completions")
    write(engine, logged())
    (after,) = ask("SELECT rev FROM completions")
    assert after["rev"] > before["rev"]
    (highest,) = ask("SELECT value FROM counters WHERE name = 'rev'")
    assert highest["value"] >= after["rev"]


def test_sums_are_not_changed_by_a_match(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, reported(make_completion))
    before = ask("SELECT completions, prompt_tokens, completion_tokens FROM rollup_hour")
    write(engine, logged())
    assert ask("SELECT completions, prompt_tokens, completion_tokens FROM rollup_hour") == before


def test_a_call_that_nobody_saw_gets_a_row_of_its_own(engine: Engine, ask: Ask) -> None:
    write(engine, logged(provider="kimi-code"))
    (row,) = ask("SELECT * FROM completions")
    assert (row["source"], row["kind"], row["usage_source"], row["session_id"]) == ("logs", "other", "logged", None)
    assert (row["provider"], row["model"], row["started_at_ms"]) == ("kimi-code", "kimi-for-coding", NOW_MS + 4_300)
    assert (row["prompt_tokens"], row["completion_tokens"], row["cost_usd"]) == (5_120, 310, None)
    assert (row["prompt_tokens_before"], row["prompt_tokens_sent"], row["status"]) == (None, None, None)
    (hour,) = ask("SELECT completions, prompt_tokens, unpriced FROM rollup_hour")
    assert hour == {"completions": 1, "prompt_tokens": 5_120, "unpriced": 1}


def test_each_line_is_written_once_whoever_tells_it(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, reported(make_completion))
    unseen = logged(model="another")
    for _ in range(2):  # two proxies follow the same log
        write(engine, logged(), unseen)
    assert [row["source"] for row in ask(THREE)] == ["proxy", "logs"]


def test_two_equal_calls_are_two(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, reported(make_completion), reported(make_completion, started_at_ms=NOW_MS + 40))
    write(engine, logged(), logged(at_ms=NOW_MS + 4_350))
    assert {row["logged_at_ms"] for row in ask(THREE)} == {NOW_MS + 4_300, NOW_MS + 4_350}


def test_a_routed_call_is_found_by_the_model_that_was_asked_for(
    engine: Engine, make_completion: MakeCompletion, ask: Ask
) -> None:
    write(engine, reported(make_completion, model="big", routed_from="openrouter/moonshotai/kimi-k2"))
    write(engine, logged(model="moonshotai/kimi-k2"))
    assert [row["logged_prompt_tokens"] for row in ask(THREE)] == [5_120]


def test_calls_that_are_not_the_ides_are_never_taken(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    write(engine, reported(make_completion, kind=Kind.COMPRESSION), logged())
    assert [row["source"] for row in ask(THREE)] == ["proxy", "logs"]


def test_lines_far_apart_are_each_matched(engine: Engine, make_completion: MakeCompletion, ask: Ask) -> None:
    day_ms = 86_400_000
    write(engine, reported(make_completion), reported(make_completion, started_at_ms=NOW_MS + day_ms))
    write(engine, logged(at_ms=NOW_MS + day_ms + 4_300), logged())
    assert [row["logged_at_ms"] for row in ask(THREE)] == [NOW_MS + 4_300, NOW_MS + day_ms + 4_300]


def test_figures_and_names_that_a_database_would_refuse_are_made_storable(engine: Engine, ask: Ask) -> None:
    write(engine, logged(model="m\ud800\0" + "x" * 300, completion_tokens=None))
    (row,) = ask("SELECT length(model) AS length, completion_tokens FROM completions")
    assert row == {"length": 199, "completion_tokens": None}
