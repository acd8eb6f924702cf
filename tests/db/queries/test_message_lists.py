"""The messages of a request, built from what was written with the requests of its session."""

import pytest
from sqlalchemy import Connection, Engine, text

from addons.domain.composition import Rewritten
from addons.domain.message_lines import Line, lines, total
from addons.domain.message_list import Entry
from db.hiding import delete_session, purge_deleted
from db.merging import merge_sessions
from db.queries.message_lists import message_list, steps_until
from db.splitting import split_session
from db.writing import write
from tests.addons.domain.walk import Walk, answer, call, read, result, user
from tests.db.stores import NOW_MS, MakeCompletion, MakeState

HISTORY = [{"role": "system", "content": "Rules."}, user("Fix it."), call("ls", "1"), result("a b c " * 20, "1"),
           answer("Done."), user("Thanks."), answer("You are welcome."), user("And now?")]  # fmt: skip
ENDS = (2, 4, 6, 8)
"""How many messages each request sends."""
MASKED = Rewritten(masked={3: 40})


class Sending:
    """Writes the requests of a session, one after the other; their ids are 1, 2, 3, …"""

    def __init__(self, engine: Engine, make: MakeCompletion) -> None:
        self.engine, self.make, self.sent = engine, make, 0

    def send(self, walk: Walk, session_id: str | None, count: int, rewritten: Rewritten) -> None:
        walk.send(*HISTORY[:count], known=max(0, count - 3), rewritten=rewritten)
        self.sent += 1
        call = self.make(session_id=session_id, started_at_ms=NOW_MS + 1_000 * self.sent, messages=walk.steps[-1])
        with self.engine.begin() as tx:
            write(tx, [call], "p-1")


@pytest.fixture
def sending(engine: Engine, make_completion: MakeCompletion, make_state: MakeState) -> Sending:
    with engine.begin() as tx:
        write(tx, [make_state()], "p-1")
    return Sending(engine, make_completion)


@pytest.fixture
def four(sending: Sending) -> Walk:
    """A session of four requests, in the last two of which a result is masked."""
    walk = Walk()
    for place, end in enumerate(ENDS):
        sending.send(walk, "s-1", end, MASKED if place > 1 else Rewritten())
    return walk


def entries(tx: Connection, completion_id: int) -> list[Entry]:
    found = message_list(tx, completion_id)
    assert found
    return list(found.entries)


def shown(tx: Connection, completion_id: int) -> list[Line]:
    found = message_list(tx, completion_id)
    assert found
    return lines(found)


def unknown(tx: Connection, completion_id: int) -> int:
    return sum(entry.listed is None for entry in entries(tx, completion_id))


def test_steps_are_read_as_they_were_written(engine: Engine, four: Walk) -> None:
    with engine.connect() as tx:
        for place in range(4):
            assert steps_until(tx, place + 1) == four.steps[: place + 1]


def test_each_list_is_what_its_request_sent(engine: Engine, four: Walk) -> None:
    with engine.connect() as tx:
        for place, end in enumerate(ENDS):
            saved = 40 if place > 1 else 0
            assert total(shown(tx, place + 1)) == read({"messages": HISTORY[:end]}).total_tokens - saved
        assert [line.saved for line in shown(tx, 4) if line.saved] == [40]
        assert [line.saved for line in shown(tx, 2) if line.saved] == []


def test_where_none_is_recorded_there_is_none(engine: Engine, sending: Sending) -> None:
    with engine.begin() as tx:
        write(tx, [sending.make()], "p-1")
    with engine.connect() as tx:
        assert message_list(tx, 1) is None
        assert message_list(tx, 2) is None


def test_what_stands_beside_the_messages_comes_back(engine: Engine, sending: Sending) -> None:
    walk = Walk()
    body = {"systemInstruction": {"parts": [{"text": "Rules."}]}, "contents": [{"role": "user", "parts": [
        {"text": "Fix it."}]}], "tools": [{"functionDeclarations": [{"name": "ls"}]}]}  # fmt: skip
    walk.take(read(body, "gemini"))
    with engine.begin() as tx:
        write(tx, [sending.make(session_id=None, messages=walk.steps[0])], "p-1")
    with engine.connect() as tx:
        assert steps_until(tx, 1) == walk.steps
        assert total(shown(tx, 1)) == read(body, "gemini").total_tokens


def test_a_summary_stands_for_messages_of_older_requests(engine: Engine, sending: Sending) -> None:
    walk = Walk()
    sending.send(walk, "s-1", 6, Rewritten())
    sending.send(walk, "s-1", 8, Rewritten(covered=range(1, 5), compressed_tokens=50))
    with engine.connect() as tx:
        assert total(shown(tx, 2)) == read({"messages": HISTORY}).total_tokens - 50


def test_an_edited_history_begins_a_branch(engine: Engine, sending: Sending) -> None:
    walk = Walk()
    for count in (6, 2, 4):
        sending.send(walk, "s-1", count, Rewritten())
    with engine.connect() as tx:
        assert [len(entries(tx, number)) for number in (1, 2, 3)] == [6, 2, 4]
        assert entries(tx, 1)[:4] == entries(tx, 3)


@pytest.mark.parametrize("deleted", ["s-0", "s-1"])
def test_both_parts_of_a_split_session_know_their_messages_by_themselves(
    engine: Engine, four: Walk, deleted: str
) -> None:
    with engine.connect() as tx:
        before = {number: shown(tx, number) for number in (1, 2, 3, 4)}
    split_session(engine, "s-1", 3, "s-0")
    with engine.connect() as tx:
        assert {number: shown(tx, number) for number in before} == before
    delete_session(engine, deleted, NOW_MS)
    with engine.begin() as tx:
        purge_deleted(tx, NOW_MS + 10**12)
        left = (1, 2) if deleted == "s-1" else (3, 4)
        assert tx.execute(text("SELECT count(*) FROM message_steps")).scalar() == 2
        assert {number: shown(tx, number) for number in left} == {number: before[number] for number in left}


def test_a_session_that_was_merged_keeps_its_own_lists(engine: Engine, sending: Sending, make_state: MakeState) -> None:
    """Requests of both come in turn: each still follows its own conversation."""
    with engine.begin() as tx:
        write(tx, [make_state(id="s-2")], "p-1")
    one, other = Walk(chain="one"), Walk(chain="other")
    sending.send(one, "s-1", 2, Rewritten())
    sending.send(other, "s-2", 6, MASKED)
    merge_sessions(engine, "s-1", "s-2", NOW_MS)
    sending.send(one, "s-1", 4, Rewritten())
    sending.send(other, "s-2", 8, MASKED)
    with engine.connect() as tx:
        assert tx.execute(text("SELECT DISTINCT session_id FROM completions")).scalars().all() == ["s-1"]
        assert [len(entries(tx, number)) for number in (1, 2, 3, 4)] == [2, 6, 4, 8]
        assert [line.saved for line in shown(tx, 4) if line.saved] == [40]


def test_what_older_requests_knew_is_unknown_without_them(engine: Engine, four: Walk) -> None:
    with engine.begin() as tx:
        tx.execute(text("DELETE FROM completions WHERE id <= 2"))
    with engine.connect() as tx:
        assert [unknown(tx, number) for number in (3, 4)] == [4, 4]
        assert total(shown(tx, 4)) is None
