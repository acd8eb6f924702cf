"""Records find their writers."""

import pytest
from sqlalchemy import Engine

from addons.domain.events import Event
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeState


def test_kinds_may_come_in_any_order(
    engine: Engine, make_completion: MakeCompletion, make_state: MakeState, ask: Ask
) -> None:
    with engine.begin() as tx:
        write(tx, [Event(at_ms=NOW_MS, kind="failure"), make_completion(), make_state()], "p-1")
    assert ask("SELECT name, completions, (SELECT count(*) FROM events) AS events FROM sessions") == [
        {"name": "Fix the parser", "completions": 1, "events": 1}
    ]


def test_nothing_is_written_for_an_empty_batch(engine: Engine, ask: Ask) -> None:
    with engine.begin() as tx:
        write(tx, [], "p-1")
    assert ask("SELECT * FROM counters") == []


def test_an_unknown_kind_is_named(engine: Engine) -> None:
    with pytest.raises(TypeError, match="str is not a kind of record"), engine.begin() as tx:
        write(tx, ["text"], "p-1")
