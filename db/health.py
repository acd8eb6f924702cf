"""Whether the store can be used, for people who ask before they start."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from addons.domain.errors import UserError
from db import engine, place


def check(url: str) -> str:
    """Where the store is, if its schema is current and it can be written; nothing stays changed.

    :raises StoreNotReady: if there is no database yet, or its tables are not current.
    :raises UserError: if it cannot be used.
    """
    engine.reader(url).dispose()
    writer = engine.writer(url)
    shown = place.shown(place.parse(url))
    try:
        with writer.connect() as connection, connection.begin() as tx:
            connection.execute(text("UPDATE counters SET value = value WHERE name = 'rev'"))
            tx.rollback()
    except DBAPIError as error:
        raise UserError(f"The database {shown} cannot be written: {error.orig}.") from error
    finally:
        writer.dispose()
    return shown
