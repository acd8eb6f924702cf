"""Noticing what others wrote."""

import pytest
from sqlalchemy import Engine, text

from db.engine import reader
from db.watcher import Watcher


@pytest.mark.sqlite
def test_a_commit_of_another_connection_is_noticed_once(engine: Engine, url: str) -> None:
    reading = reader(url)
    with reading.connect() as connection:
        watcher = Watcher(connection)
        seen = [watcher.changed(), watcher.changed()]
        with engine.begin() as tx:
            tx.execute(text("INSERT INTO counters VALUES ('x', 1)"))
        seen += [watcher.changed(), watcher.changed()]
    reading.dispose()
    assert seen == [True, False, True, False]
