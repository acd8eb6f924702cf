"""What refused requests have taught."""

from sqlalchemy import Engine

from addons.domain.events import Event, Level
from db.queries.repairs import lessons
from db.writing import write
from tests.db.stores import NOW_MS


def test_those_that_were_answered_teach_the_latest_last(engine: Engine) -> None:
    told = [
        (2, "repair", Level.INFO),
        (1, "repair", Level.INFO),
        (3, "repair", Level.WARNING),
        (4, "routing", Level.INFO),
    ]
    with engine.begin() as tx:
        write(tx, [Event(at_ms=NOW_MS + n, kind=kind, level=level, data={"n": n}) for n, kind, level in told], "p-1")
    with engine.connect() as tx:
        assert lessons(tx) == [{"n": 1}, {"n": 2}]
