"""What went wrong with a write: the store, which may work again in a moment, or the record, which never will."""

import sqlite3

from sqlalchemy.exc import DatabaseError, DBAPIError, InternalError, OperationalError, TimeoutError

from addons.domain.errors import UserError

_STORE = (sqlite3.OperationalError, OperationalError, InternalError, TimeoutError, OSError, UserError)


def is_of_the_store(error: Exception) -> bool:
    """Locked, read-only, full, unreachable, damaged: the same records can be written later."""
    if isinstance(error, _STORE):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return type(error) is DatabaseError  # SQLite says so of a file that is damaged, or no database any more


def described(error: Exception) -> str:
    """One line without the statement, whose parameters are what was to be recorded."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return f"{type(cause).__name__}: {str(cause).strip().splitlines()[0] if str(cause).strip() else 'no message'}"
