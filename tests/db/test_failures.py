"""What can be tried again, and what cannot."""

import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError, InterfaceError, OperationalError

from addons.domain.errors import UserError
from db.failures import described, is_of_the_store

LOCKED = sqlite3.OperationalError("database is locked")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("INSERT", {}, LOCKED), True),
        (LOCKED, True),
        (DatabaseError("INSERT", {}, sqlite3.DatabaseError("database disk image is malformed")), True),
        (InterfaceError("SELECT", {}, Exception("closed"), connection_invalidated=True), True),
        (UserError("moved away"), True),
        (IntegrityError("INSERT", {}, sqlite3.IntegrityError("NOT NULL constraint failed")), False),
        (InterfaceError("INSERT", {}, sqlite3.InterfaceError("type not supported")), False),
        (OverflowError("Python int too large"), False),
        (TypeError("not a record"), False),
    ],
    ids=["locked", "locked on connect", "damaged", "connection lost", "gone", "constraint", "type", "overflow", "kind"],
)
def test_trouble_of_the_store_is_told_from_a_bad_record(error: Exception, expected: bool) -> None:
    assert is_of_the_store(error) is expected


def test_a_description_is_one_line_without_statement_and_parameters() -> None:
    error = OperationalError(
        "INSERT INTO t", {"x": "sk-secret"}, sqlite3.OperationalError("disk I/O error\nsecond line")
    )
    assert described(error) == "OperationalError: disk I/O error"


def test_a_description_of_an_error_without_text() -> None:
    assert described(ValueError()) == "ValueError: no message"
