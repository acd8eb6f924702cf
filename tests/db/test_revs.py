"""Numbers that only grow."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from db import revs
from db.engine import reader
from db.recorder import Recorder
from tests.db.stores import Ask, MakeCompletion, MakeRecorder

SINCE = text("SELECT rev FROM completions WHERE rev > :last ORDER BY rev")


def test_each_take_continues_the_last(engine: Engine) -> None:
    taken = []
    for count in (2, 0, 3):
        with engine.begin() as tx:
            taken.append(revs.take(tx, count))
    assert [list(each) for each in taken] == [[1, 2], [], [3, 4, 5]]


def test_revs_of_a_transaction_that_failed_are_given_again(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin() as tx:
        revs.take(connection, 5)
        tx.rollback()
    with engine.begin() as again:
        assert list(revs.take(again, 1)) == [1]


def test_a_reader_of_what_is_new_misses_nothing_while_three_write(
    url: str,
    engine: Engine,
    make_recorder: MakeRecorder,
    make_completion: MakeCompletion,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Were a rev to become visible after a higher one, the reader would have passed it by."""
    monkeypatch.setattr("db.recorder.BATCH", 3)

    def write(recorder: Recorder) -> bool:
        for at in range(90):
            recorder.submit(make_completion(session_id=f"s-{at % 4}"))
        return recorder.flush(60)

    recorders = [make_recorder(proxy_id=f"p-{at}") for at in range(3)]
    for recorder in recorders:
        recorder.start()  # one after the other: migrations are not for several threads of a process
    reading, seen = reader(url), [0]
    with reading.connect() as connection, ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(write, recorder) for recorder in recorders]
        while True:
            is_last = all(each.done() for each in writing)  # before the look that sees what they have written
            seen += connection.execute(SINCE, {"last": seen[-1]}).scalars()
            if is_last:
                break
    reading.dispose()
    assert [each.result() for each in writing] == [True] * 3
    assert len(seen) - 1 == 270
    assert seen[1:] == [row["rev"] for row in ask("SELECT rev FROM completions ORDER BY rev")]
