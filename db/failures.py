"""What went wrong with a write: the store, which may work again in a moment, or the record, which never will."""

import sqlite3

from sqlalchemy.exc import DatabaseError, DBAPIError, InternalError, OperationalError, TimeoutError

from addons.domain.errors import UserError
from db import postgresql

_STORE = (sqlite3.OperationalError, OperationalError, InternalError, TimeoutError, OSError, UserError)

_RECORD_CLASSES = ("21", "22", "23", "54")
_RECORD_STATES = ("42804",)
"""PostgreSQL's codes for values that do not go into a table, now or later: cardinality, data, constraints, sizes,
types (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


def is_of_the_store(error: Exception) -> bool:
    """Locked, read-only, full, unreachable, damaged: the same records can be written later."""
    if state := getattr(getattr(error, "orig", None), "sqlstate", None):
        return state not in _RECORD_STATES and state[:2] not in _RECORD_CLASSES
    if isinstance(error, _STORE):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return type(error) is DatabaseError  # SQLite says so of a file that is damaged, or no database any more


def cause(error: DBAPIError) -> str:
    """What the driver said, on one line, without the statement."""
    return postgresql.in_words(str(error.orig))


def described(error: Exception) -> str:
    """One line without the statement, whose parameters are what was to be recorded."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return f"{type(cause).__name__}: {str(cause).strip().splitlines()[0] if str(cause).strip() else 'no message'}"
