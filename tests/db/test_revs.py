"""Numbers that only grow."""

from sqlalchemy import Engine

from db import revs


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
