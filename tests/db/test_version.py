"""Which schema a database has."""

import pytest
from sqlalchemy import Engine, create_engine, text

from addons.domain.errors import UserError
from db import version
from db.errors import StoreNotReady


def test_a_database_without_migrations_has_no_version() -> None:
    empty = create_engine("sqlite://")
    with empty.connect() as connection:
        assert version.found(connection) is None
        with pytest.raises(StoreNotReady, match="has no tables yet"):
            version.check_readable(connection)
    empty.dispose()


@pytest.mark.parametrize(
    ("stored", "error"), [("0000", StoreNotReady), (version.HEAD, None), ("0999", UserError), ("f00d", UserError)]
)
def test_readers_take_their_own_version_only(engine: Engine, stored: str, error: type[Exception] | None) -> None:
    with engine.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :stored"), {"stored": stored})
    with engine.connect() as connection:
        if error is None:
            version.check_readable(connection)
        else:
            with pytest.raises(UserError) as caught:
                version.check_readable(connection)
            assert type(caught.value) is error
