"""Sums that are kept while rows come and go are those of the rows that are there."""

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select

from addons.domain.completion import Completion, Outcome, Source
from addons.domain.kinds import Kind
from db.hiding import delete_session
from db.records import tallies, traffic
from db.tables import completions, latency_spans, sessions, tally_hour
from tests.db.stores import NOW_MS, MakeCompletion

TABLES = (tally_hour, latency_spans)
NUMBER = st.none() | st.integers(0, 90_000)
FIELDS = st.fixed_dictionaries(
    {
        "session_id": st.sampled_from([None, "s-1", "s-2"]),
        "started_at_ms": st.integers(NOW_MS, NOW_MS + 20 * 3_600_000),
        "source": st.sampled_from(Source),
        "provider": st.sampled_from(["kimi-code", "groq"]),
        "kind": st.sampled_from([Kind.CHAT, Kind.AUTOCOMPLETE]),
        "status": st.sampled_from([None, 200, 429]),
        "outcome": st.sampled_from(Outcome),
        **dict.fromkeys(("prompt_tokens_before", "prompt_tokens_sent", "prompt_tokens", "cached_tokens"), NUMBER),
        **dict.fromkeys(("memory_tokens", "ttfb_ms", "duration_ms"), NUMBER),
        **dict.fromkeys(("masked_tokens_saved", "compressed_tokens_saved"), st.integers(0, 9)),
        **dict.fromkeys(("cost_usd", "cost_unmodified_usd"), st.none() | st.integers(0, 8).map(float)),
    }
)
ANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def stored(engine: Engine) -> list[set[tuple[object, ...]]]:
    with engine.connect() as tx:
        return [{tuple(row) for row in tx.execute(select(table))} for table in TABLES]


def emptied(engine: Engine) -> None:
    with engine.begin() as tx:
        for table in (*TABLES, completions, sessions):
            tx.execute(delete(table))


def written(engine: Engine, records: Sequence[Completion]) -> None:
    with engine.begin() as tx:
        traffic.write(tx, records, "p-1")


@ANY
@given(rows=st.lists(FIELDS, max_size=6), at=st.integers(0, 6))
def test_it_does_not_matter_how_they_came_about(
    engine: Engine, make_completion: MakeCompletion, rows: list[dict[str, object]], at: int
) -> None:
    """One by one as they are recorded, or all together as they are there."""
    emptied(engine)
    records = [make_completion(**fields) for fields in rows]
    written(engine, records[:at])
    written(engine, records[at:])
    kept = stored(engine)
    with engine.begin() as tx:
        for table in TABLES:
            tx.execute(delete(table))
        tallies.shift(tx, completions.c.id > 0, 1)
    assert stored(engine) == kept


@ANY
@given(rows=st.lists(FIELDS, max_size=6))
def test_what_was_added_can_be_taken_out(
    engine: Engine, make_completion: MakeCompletion, rows: list[dict[str, object]]
) -> None:
    emptied(engine)
    written(engine, [make_completion(**fields) for fields in rows])
    with engine.begin() as tx:
        tallies.shift(tx, completions.c.id > 0, -1)
    counts = [tally_hour.c[name] for name in tallies.AMOUNTS]
    with engine.connect() as tx:
        assert not any(tx.execute(select(*(func.sum(count) for count in counts))).one())
        assert tx.scalar(select(func.count()).select_from(latency_spans)) == 0


@ANY
@given(rows=st.lists(FIELDS, max_size=6))
def test_where_only_answered_ones_are_left_they_add_the_same_without_being_asked(
    engine: Engine, make_completion: MakeCompletion, rows: list[dict[str, object]]
) -> None:
    emptied(engine)
    written(engine, [make_completion(**fields) for fields in rows])
    with engine.connect() as tx:
        asked = tx.execute(select(*(func.sum(tallies.AMOUNTS[name]) for name in tallies.OF_ANSWERED)))
        left = tx.execute(select(*(func.sum(each) for each in tallies.OF_ANSWERED.values())).where(tallies.ANSWERED))
        assert [amount or 0 for amount in left.one()] == [amount or 0 for amount in asked.one()]


def test_what_comes_for_a_deleted_session_counts_nowhere(engine: Engine, make_completion: MakeCompletion) -> None:
    written(engine, [make_completion(ttfb_ms=300.0), make_completion(session_id="s-2", ttfb_ms=300.0)])
    delete_session(engine, "s-1", NOW_MS)
    before = stored(engine)
    written(engine, [make_completion(session_id="s-1", ttfb_ms=300.0)])
    assert stored(engine) == before and all(before)


def test_a_failure_is_no_answer_and_took_no_time(engine: Engine, make_completion: MakeCompletion) -> None:
    written(engine, [make_completion(outcome=Outcome.ERROR, prompt_tokens_before=9, prompt_tokens_sent=4, ttfb_ms=2.0)])
    with engine.connect() as tx:
        row = tx.execute(select(tally_hour)).one()
        assert (row.calls, row.sent, row.failed, row.answered, row.before_tokens) == (1, 1, 1, 0, 0)
        assert tx.execute(select(latency_spans)).all() == []
