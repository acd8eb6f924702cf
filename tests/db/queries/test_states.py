"""What a proxy remembers after a restart."""

from sqlalchemy import Engine

from db.hiding import delete_session
from db.queries.states import recent_states, state_of
from db.writing import write
from tests.db.stores import NOW_MS, MakeCompletion, MakeState


def test_states_come_back_as_they_were(engine: Engine, make_state: MakeState) -> None:
    state = make_state(keys=b"a" * 16 + b"b" * 16, summaries=(b"c" * 16,), project="kimi")
    with engine.begin() as tx:
        write(tx, [state], "p-1")
    assert recent_states(engine, 0, 10) == [state]


def test_a_session_known_by_its_completions_only_has_no_keys(engine: Engine, make_completion: MakeCompletion) -> None:
    with engine.begin() as tx:
        write(tx, [make_completion()], "p-1")
    assert [(state.id, state.keys, state.summaries) for state in recent_states(engine, 0, 10)] == [("s-1", b"", ())]


def test_the_latest_come_first_up_to_a_limit_and_a_time(engine: Engine, make_state: MakeState) -> None:
    with engine.begin() as tx:
        write(tx, [make_state(id=f"s-{at}", last_seen_ms=NOW_MS + at) for at in range(5)], "p-1")
    found = [state.id for state in recent_states(engine, NOW_MS + 2, 2)]
    everything = [state.id for state in recent_states(engine, NOW_MS + 2, 10)]
    assert found == ["s-4", "s-3"]
    assert everything == ["s-4", "s-3", "s-2"]


def test_deleted_sessions_are_not_continued(engine: Engine, make_state: MakeState) -> None:
    with engine.begin() as tx:
        write(tx, [make_state()], "p-1")
    delete_session(engine, "s-1", NOW_MS)
    assert recent_states(engine, 0, 10) == []


def test_one_session_is_found_by_its_id_while_it_is_not_deleted(engine: Engine, make_state: MakeState) -> None:
    with engine.begin() as tx:
        write(tx, [make_state(), make_state(id="s-2")], "p-1")
    found = state_of(engine, "s-1")
    delete_session(engine, "s-1", NOW_MS)
    assert found == make_state()
    assert state_of(engine, "s-1") is None
    assert state_of(engine, "s-9") is None
