"""A batch whose commit went through unheard is known again; `test_postgresql.py` breaks a real connection there."""

from sqlalchemy import Engine

from db import batches


def test_only_the_last_batch_of_the_same_proxy_is_known(engine: Engine) -> None:
    tries = [("p-1", "a"), ("p-1", "a"), ("p-2", "a"), ("p-1", "b"), ("p-1", "b"), ("p-1", "a")]
    found = []
    for proxy_id, token in tries:
        with engine.begin() as tx:
            found.append(batches.is_new(tx, proxy_id, token))
    assert found == [True, False, True, True, False, True]


def test_what_was_rolled_back_is_new(engine: Engine) -> None:
    with engine.connect() as tx:
        assert batches.is_new(tx, "p-1", "a")
        tx.rollback()
        assert batches.is_new(tx, "p-1", "a")
