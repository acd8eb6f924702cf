"""Deleting sessions, bringing them back, and what is left of them."""

import pytest
from sqlalchemy import Engine

from addons.domain.alerts.alert import Alert
from addons.domain.errors import UserError
from addons.domain.events import Event, Level
from addons.domain.masking.placeholder import content_tag
from db import hiding, merging
from db.writing import write
from tests.addons.domain.walk import Walk, user
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState, make_decision, make_original

TABLES = ("sessions", "completions", "events", "alerts", "decisions", "session_originals", "originals",
          "message_steps", "managed_sessions")  # fmt: skip


@pytest.fixture(autouse=True)
def session(engine: Engine, make_completion: MakeCompletion, make_state: MakeState) -> None:
    event = Event(at_ms=NOW_MS, kind="epoch", session_id="s-1")
    alert = Alert(key="context:s-1:80", at_ms=NOW_MS, level=Level.WARNING, message="m", session_id="s-1")
    with engine.begin() as tx:
        call = make_completion(prompt_tokens=5, messages=Walk().send(user("Hi")))
        write(tx, [make_state(), call, event, alert], "p-1")
        write(tx, [make_original("own"), make_decision()], "p-1")


def hours(ask: Ask) -> list[int]:
    return [row["prompt_tokens"] for row in ask("SELECT prompt_tokens FROM rollup_hour")]


def purge(engine: Engine, now_ms: int) -> int:
    with engine.begin() as tx:
        return hiding.purge_deleted(tx, now_ms)


def test_a_deleted_session_leaves_the_sums_and_comes_back_with_them(engine: Engine, ask: Ask) -> None:
    hiding.delete_session(engine, "s-1", NOW_MS)
    gone = hours(ask)
    hiding.restore_session(engine, "s-1")
    hiding.restore_session(engine, "s-1")
    assert (gone, hours(ask)) == ([], [5])
    assert ask("SELECT deleted_at_ms FROM sessions") == [{"deleted_at_ms": None}]
    assert ask("SELECT * FROM managed_sessions") == []


def test_what_still_arrives_for_a_deleted_session_counts_once_it_is_back(
    engine: Engine, ask: Ask, make_completion: MakeCompletion
) -> None:
    hiding.delete_session(engine, "s-1", NOW_MS)
    with engine.begin() as tx:
        write(tx, [make_completion(prompt_tokens=7), make_completion(session_id="s-2", prompt_tokens=1)], "p-1")
    meanwhile = hours(ask)
    hiding.restore_session(engine, "s-1")
    assert (meanwhile, hours(ask)) == ([1], [13])


def test_a_deleted_session_is_removed_after_the_undo_time_with_all_it_had(engine: Engine, ask: Ask) -> None:
    hiding.delete_session(engine, "s-1", NOW_MS)
    early = purge(engine, NOW_MS + hiding.UNDO_MS - 1)
    late = purge(engine, NOW_MS + hiding.UNDO_MS)
    assert (early, late) == (0, 1)
    assert [table for table in TABLES if ask(f"SELECT * FROM {table}")] == []


def test_a_session_that_is_removed_takes_the_originals_with_it_that_no_other_needs(engine: Engine, ask: Ask) -> None:
    with engine.begin() as tx:
        write(tx, [make_original("shared"), make_original("shared", session_id="s-2")], "p-1")
        write(tx, [make_decision(session_id="s-2")], "p-1")
    hiding.delete_session(engine, "s-1", NOW_MS)
    purge(engine, NOW_MS + hiding.UNDO_MS)
    shared = content_tag("shared")
    assert ask("SELECT tag FROM originals") == [{"tag": shared}]
    assert ask("SELECT * FROM session_originals") == [{"session_id": "s-2", "tag": shared}]
    assert ask("SELECT session_id FROM decisions") == [{"session_id": "s-2"}]


def test_deleted_for_ever_means_at_once_and_without_a_way_back(
    engine: Engine, ask: Ask, make_completion: MakeCompletion
) -> None:
    hiding.delete_session(engine, "s-1", NOW_MS)
    hiding.erase_session(engine, "s-1")
    assert [table for table in TABLES[1:-1] if ask(f"SELECT * FROM {table}")] == []
    with engine.begin() as tx:
        write(tx, [make_completion(prompt_tokens=7)], "p-1")  # it was under way
    with pytest.raises(UserError, match="no session 's-1'"):
        hiding.restore_session(engine, "s-1")
    assert hours(ask) == []
    purge(engine, NOW_MS + hiding.UNDO_MS)
    assert [table for table in TABLES if ask(f"SELECT * FROM {table}")] == []


def test_with_a_session_those_go_that_were_merged_into_it(
    engine: Engine, ask: Ask, make_completion: MakeCompletion, make_state: MakeState
) -> None:
    with engine.begin() as tx:
        write(tx, [make_state(id="s-2"), make_completion(session_id="s-2")], "p-1")
    merging.merge_sessions(engine, "s-2", "s-1", NOW_MS)
    assert purge(engine, NOW_MS + hiding.UNDO_MS) == 0
    assert ask("SELECT * FROM merged_rows") == []
    hiding.delete_session(engine, "s-2", NOW_MS)
    purge(engine, NOW_MS + hiding.UNDO_MS)
    assert [table for table in TABLES if ask(f"SELECT * FROM {table}")] == []


def test_what_cannot_be_done_says_why(engine: Engine) -> None:
    with pytest.raises(UserError, match="no session 's-9'"):
        hiding.delete_session(engine, "s-9", NOW_MS)
    with pytest.raises(UserError, match="no session 's-9'"):
        hiding.restore_session(engine, "s-9")
    with pytest.raises(UserError, match="no deleted session 's-1'"):
        hiding.erase_session(engine, "s-1")
