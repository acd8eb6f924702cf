"""A batch whose commit went through unheard is known again; `test_postgresql.py` breaks a real connection there."""

from sqlalchemy import Engine

from db.batches import Mark


def test_only_the_last_batch_of_the_same_proxy_is_known(engine: Engine) -> None:
    one, other = Mark("p-1"), Mark("p-2")
    first, second = ["a"], ["b"]
    tries = [(one, first), (one, first), (other, first), (one, second), (one, second), (one, first)]
    found = []
    for mark, batch in tries:
        with engine.begin() as tx:
            found.append(mark.is_new(tx, batch))
    assert found == [True, False, True, True, False, True]


def test_an_equal_batch_is_another_one(engine: Engine) -> None:
    mark = Mark("p-1")
    with engine.begin() as tx:
        assert mark.is_new(tx, ["a"])
    mark.forget()
    with engine.begin() as tx:
        assert mark.is_new(tx, ["a"])


def test_what_was_rolled_back_is_new(engine: Engine) -> None:
    mark, batch = Mark("p-1"), ["a"]
    with engine.connect() as tx:
        assert mark.is_new(tx, batch)
        tx.rollback()
        assert mark.is_new(tx, batch)
