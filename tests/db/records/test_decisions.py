"""Decisions: the latest for each message counts."""

from sqlalchemy import Engine

from addons.domain.decisions import Action
from db.writing import write
from tests.db.stores import Ask, make_decision

ROWS = "SELECT session_id, action, tokens_saved, rev FROM decisions ORDER BY session_id, key"


def test_a_decision_can_come_before_its_session(engine: Engine, ask: Ask) -> None:
    with engine.begin() as tx:
        write(tx, [make_decision()], "p-1")
    assert ask(ROWS) == [{"session_id": "s-1", "action": "mask", "tokens_saved": 70, "rev": 2}]
    assert ask("SELECT id FROM sessions") == [{"id": "s-1"}]


def test_a_later_decision_takes_the_place_of_the_earlier_one(engine: Engine, ask: Ask) -> None:
    kept = make_decision(action=Action.KEEP, replacements=(), reason="the latest result")
    with engine.begin() as tx:
        write(tx, [kept, make_decision(session_id="s-2"), make_decision()], "p-1")
    with engine.begin() as tx:
        write(tx, [make_decision(session_id="s-2", action=Action.SUMMARISED, replacements=())], "p-1")
    assert [(row["session_id"], row["action"]) for row in ask(ROWS)] == [("s-1", "mask"), ("s-2", "summarised")]
    assert ask(ROWS)[1]["rev"] > ask(ROWS)[0]["rev"]
