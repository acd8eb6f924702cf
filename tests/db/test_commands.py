"""What a person may do to a session."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from addons.domain.alerts.alert import Alert
from addons.domain.errors import UserError
from addons.domain.events import Event, Level
from addons.domain.masking.placeholder import content_tag
from db import commands
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState, make_decision, make_original

SESSION = "SELECT name, renamed, pinned, deleted_at_ms FROM sessions"


@pytest.fixture(autouse=True)
def session(engine: Engine, make_completion: MakeCompletion, make_state: MakeState) -> None:
    with engine.begin() as tx:
        event = Event(at_ms=NOW_MS, kind="epoch", session_id="s-1")
        alert = Alert(key="context:s-1:80", at_ms=NOW_MS, level=Level.WARNING, message="m", session_id="s-1")
        write(tx, [make_state(), make_completion(prompt_tokens=5), event, alert], "p-1")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda engine: commands.rename_session(engine, "s-1", "  My\n name "), {"name": "My name", "renamed": 1}),
        (lambda engine: commands.pin_session(engine, "s-1", True), {"pinned": 1}),
        (lambda engine: commands.delete_session(engine, "s-1", NOW_MS), {"deleted_at_ms": NOW_MS}),
    ],
    ids=["rename", "pin", "delete"],
)
def test_a_change_is_stored_and_gets_a_rev(
    engine: Engine, ask: Ask, change: Callable[[Engine], None], expected: dict[str, object]
) -> None:
    before = ask("SELECT value FROM counters")[0]["value"]
    change(engine)
    (found,) = ask(SESSION)
    assert expected.items() <= found.items()
    assert ask("SELECT rev FROM sessions") == [{"rev": before + 1}]


def test_a_deleted_session_can_be_restored(engine: Engine, ask: Ask) -> None:
    commands.delete_session(engine, "s-1", NOW_MS)
    commands.restore_session(engine, "s-1")
    assert ask("SELECT deleted_at_ms FROM sessions") == [{"deleted_at_ms": None}]


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "bell\a"], ids=["empty", "blank", "too long", "control"])
def test_a_name_must_be_readable(engine: Engine, name: str) -> None:
    with pytest.raises(UserError, match="1 to 200 printable characters"):
        commands.rename_session(engine, "s-1", name)


@pytest.mark.parametrize(
    "change",
    [
        lambda engine: commands.rename_session(engine, "s-9", "x"),
        lambda engine: commands.pin_session(engine, "s-9", True),
        lambda engine: commands.delete_session(engine, "s-9", NOW_MS),
        lambda engine: commands.restore_session(engine, "s-9"),
    ],
    ids=["rename", "pin", "delete", "restore"],
)
def test_a_session_that_is_not_there_is_named(engine: Engine, ask: Ask, change: Callable[[Engine], None]) -> None:
    before = ask("SELECT value FROM counters")
    with pytest.raises(UserError, match="no session 's-9'"):
        change(engine)
    assert ask("SELECT value FROM counters") == before


def purge(engine: Engine, now_ms: int) -> int:
    with engine.begin() as tx:
        return commands.purge_deleted(tx, now_ms)


def test_a_deleted_session_is_removed_after_the_undo_time_and_its_sums_stay(engine: Engine, ask: Ask) -> None:
    commands.delete_session(engine, "s-1", NOW_MS)
    early = purge(engine, NOW_MS + commands.UNDO_MS - 1)
    late = purge(engine, NOW_MS + commands.UNDO_MS)
    assert (early, late) == (0, 1)
    for table in ("sessions", "completions", "events", "alerts"):
        assert ask(f"SELECT * FROM {table}") == []
    assert ask("SELECT prompt_tokens FROM rollup_hour") == [{"prompt_tokens": 5}]


def test_a_session_that_is_removed_takes_the_originals_with_it_that_no_other_needs(engine: Engine, ask: Ask) -> None:
    with engine.begin() as tx:
        write(tx, [make_original("own"), make_original("shared"), make_original("shared", session_id="s-2")], "p-1")
        write(tx, [make_decision(), make_decision(session_id="s-2")], "p-1")
    commands.delete_session(engine, "s-1", NOW_MS)
    purge(engine, NOW_MS + commands.UNDO_MS)
    shared = content_tag("shared")
    assert ask("SELECT tag FROM originals") == [{"tag": shared}]
    assert ask("SELECT * FROM session_originals") == [{"session_id": "s-2", "tag": shared}]
    assert ask("SELECT session_id FROM decisions") == [{"session_id": "s-2"}]
    commands.delete_session(engine, "s-2", NOW_MS)
    purge(engine, NOW_MS + commands.UNDO_MS)
    assert ask("SELECT tag FROM originals") == []
