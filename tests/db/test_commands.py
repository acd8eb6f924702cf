"""Names and pins of sessions."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from addons.domain.errors import UserError
from db import commands
from db.writing import write
from tests.db.stores import Ask, MakeCompletion, MakeState


@pytest.fixture(autouse=True)
def session(engine: Engine, make_completion: MakeCompletion, make_state: MakeState) -> None:
    with engine.begin() as tx:
        write(tx, [make_state(), make_completion(prompt_tokens=5)], "p-1")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda engine: commands.rename_session(engine, "s-1", "  My\n name "), {"name": "My name", "renamed": True}),
        (lambda engine: commands.pin_session(engine, "s-1", True), {"pinned": True}),
    ],
    ids=["rename", "pin"],
)
def test_a_change_is_stored_and_gets_a_rev(
    engine: Engine, ask: Ask, change: Callable[[Engine], None], expected: dict[str, object]
) -> None:
    before = ask("SELECT value FROM counters")[0]["value"]
    change(engine)
    (found,) = ask("SELECT name, renamed, pinned FROM sessions")
    assert expected.items() <= found.items()
    assert ask("SELECT rev FROM sessions") == [{"rev": before + 1}]


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "bell\a"], ids=["empty", "blank", "too long", "control"])
def test_a_name_must_be_readable(engine: Engine, name: str) -> None:
    with pytest.raises(UserError, match="1 to 200 printable characters"):
        commands.rename_session(engine, "s-1", name)


@pytest.mark.parametrize(
    "change",
    [
        lambda engine: commands.rename_session(engine, "s-9", "x"),
        lambda engine: commands.pin_session(engine, "s-9", True),
    ],
    ids=["rename", "pin"],
)
def test_a_session_that_is_not_there_is_named(engine: Engine, ask: Ask, change: Callable[[Engine], None]) -> None:
    before = ask("SELECT value FROM counters")
    with pytest.raises(UserError, match="no session 's-9'"):
        change(engine)
    assert ask("SELECT value FROM counters") == before
