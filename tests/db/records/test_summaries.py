"""Summaries in the store."""

from dataclasses import replace

from sqlalchemy import Engine

from addons.domain.compression.summary import Summary, Trigger
from db.queries.compressions import active_summary, summaries_of
from db.records import summaries
from tests.db.stores import NOW_MS, Ask

FIRST = Summary(
    session_id="s-1",
    created_at_ms=NOW_MS,
    keys=b"k" * 32,
    text="Files:\n- read: é.py",
    trigger=Trigger.PRESSURE,
    kept_exchanges=5,
    messages=2,
    tokens_before=9_000,
    tokens_after=400,
    prompt_tokens_before=28_000,
    context_window=32_768,
)


def write(engine: Engine, *records: Summary) -> None:
    with engine.begin() as tx:
        summaries.write(tx, records, "p-1")


def test_a_summary_is_read_as_it_was_written(engine: Engine) -> None:
    write(engine, FIRST)
    assert active_summary(engine, "s-1") == FIRST
    assert active_summary(engine, "s-2") is None


def test_written_again_it_takes_the_new_text(engine: Engine) -> None:
    better = replace(FIRST, text="A better one.", writer="kimi-for-coding", cost_usd=0.001)
    write(engine, FIRST)
    write(engine, better)
    assert active_summary(engine, "s-1") == better
    with engine.connect() as tx:
        assert summaries_of(tx) == [better]


def test_only_the_latest_of_a_session_is_active(engine: Engine, ask: Ask) -> None:
    later = replace(FIRST, created_at_ms=NOW_MS + 9, keys=b"k" * 64, messages=4)
    other = replace(FIRST, session_id="s-2")
    write(engine, FIRST, other)
    write(engine, later)
    assert active_summary(engine, "s-1") == later
    assert active_summary(engine, "s-2") == other
    with engine.connect() as tx:
        assert summaries_of(tx, "s-1") == [later, replace(FIRST, active=False)]
    revs = [row["rev"] for row in ask("SELECT rev FROM summaries ORDER BY session_id, created_at_ms")]
    assert len(set(revs)) == 3


def test_one_that_was_edited_away_is_no_longer_active(engine: Engine) -> None:
    write(engine, FIRST)
    write(engine, replace(FIRST, active=False))
    assert active_summary(engine, "s-1") is None


def test_it_goes_with_its_session(engine: Engine, ask: Ask) -> None:
    write(engine, FIRST)
    with engine.begin() as tx:
        tx.exec_driver_sql("DELETE FROM sessions")
    assert ask("SELECT * FROM summaries") == []
