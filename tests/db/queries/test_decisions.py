"""What is read after a restart is what was decided."""

from sqlalchemy import Engine

from addons.domain.decisions import Action, Replacement
from db.engine import reader
from db.queries.decisions import decisions_of
from db.writing import write
from tests.db.stores import MakeRecorder, make_decision

ODD = Replacement(
    part=1,
    start=3,
    end=70,
    text='é "\0" \ud800 \U0001f600\n',
    tag="k1:1",
    kind="test run",
    tokens_before=7,
    tokens_after=2,
)


def test_decisions_come_back_as_they_were_submitted(make_recorder: MakeRecorder, url: str) -> None:
    first, second = make_recorder(), make_recorder(proxy_id="p-2")
    made = [
        make_decision(),
        make_decision(key=b"\0" * 16, replacements=(ODD, ODD)),
        make_decision(key=b"\xff" * 16, action=Action.KEEP, replacements=(), reason="too short"),
        make_decision(key=b"s" * 16, action=Action.SUMMARISED, replacements=()),
    ]
    first.start()
    for decision in [*made, make_decision(session_id="s-2")]:
        assert first.submit(decision)
    first.close(60)
    second.start()
    assert second.submit(made[1])
    second.close(60)
    engine = reader(url)
    assert decisions_of(engine, "s-1") == [made[0], *made[2:], made[1]]
    engine.dispose()


def test_a_session_without_decisions_has_none(engine: Engine) -> None:
    with engine.begin() as tx:
        write(tx, [make_decision(session_id="s-2")], "p-1")
    assert decisions_of(engine, "s-1") == []
