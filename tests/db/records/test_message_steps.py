"""What a request adds to its session's list of messages, as it is stored."""

import json
from dataclasses import replace

from sqlalchemy import Engine

from addons.domain.message_list import Piece
from db.writing import write
from tests.addons.domain.walk import Walk, answer, call, result, user
from tests.db.stores import Ask, MakeCompletion

KEY = "Authorization: Bearer sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
STEPS = "SELECT completion_id, chain, number, kept, new FROM message_steps ORDER BY completion_id"


def test_only_what_is_new_is_stored(engine: Engine, ask: Ask, make_completion: MakeCompletion) -> None:
    walk = Walk()
    walk.send(user("Fix it."), known=0)
    walk.send(user("Fix it."), answer("Done."), known=1)
    with engine.begin() as tx:
        calls = [make_completion(messages=step) for step in walk.steps]
        write(tx, [make_completion(), *calls], "p-1")
    assert ask(STEPS) == [
        {"completion_id": 2, "chain": "c", "number": 0, "kept": "[]", "new": 1},
        {"completion_id": 3, "chain": "c", "number": 1, "kept": "[[0,1,0]]", "new": 1},
    ]
    (added,) = json.loads(ask("SELECT added FROM message_steps WHERE number = 1")[0]["added"])
    assert added == [walk.steps[1].added[0].key, "assistant", [["assistant", 6]]]


def test_it_belongs_to_its_own_completion_among_the_sessions_of_a_batch(
    engine: Engine, ask: Ask, make_completion: MakeCompletion
) -> None:
    """Revs are taken by sessions, too, and not every completion has messages."""
    calls = [make_completion(session_id=f"s-{at}", messages=Walk(f"c-{at}").send(user("Hi")) if at % 2 else None)
             for at in range(6)]  # fmt: skip
    with engine.begin() as tx:
        write(tx, calls, "p-1")
    rows = ask("SELECT c.session_id, m.chain FROM message_steps m JOIN completions c ON c.id = m.completion_id "
               "ORDER BY c.session_id")  # fmt: skip
    assert [(row["session_id"], row["chain"]) for row in rows] == [(f"s-{at}", f"c-{at}") for at in (1, 3, 5)]


def test_no_text_and_no_secret_is_stored(engine: Engine, ask: Ask, make_completion: MakeCompletion) -> None:
    sent = Walk().send(user("my own words"), call("ls", "1"), result("the text", "1"))
    odd = sent.added[2]._replace(pieces=(Piece("tool_results", 9, f"tool {KEY} \ud800\0"),))
    step = replace(sent, added=(*sent.added[:2], odd))
    with engine.begin() as tx:
        write(tx, [make_completion(messages=step)], "p-1")
    (row,) = ask("SELECT * FROM message_steps")
    stored = " ".join(str(value) for value in row.values())
    assert "tool" in stored
    assert not any(secret in stored for secret in ("my own", "the text", "sk-a", "\\ud800", "\\u0000"))
