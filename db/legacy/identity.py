"""By what a predecessor's row is known again, in whatever copy of the file it comes: so nothing is imported twice.

The number of a row alone would not do (every file has a session 1), nor would the file (people copy it, and go on using
the original). A row's number together with the moment it was made does; that never changed afterwards.
"""

from collections.abc import Mapping
from hashlib import blake2b

KEY_BYTES = 16
SESSION_PREFIX = "l-"


def row_key(table: str, *parts: object) -> str:
    """32 hexadecimal digits."""
    return blake2b(ascii((table, *parts)).encode(), digest_size=KEY_BYTES).hexdigest()


def session_id(old_id: object, made_at: object) -> str:
    """Of the session that it becomes."""
    return SESSION_PREFIX + row_key("sessions", old_id, made_at)


def has_number(row: Mapping[str, object], time_column: str | None) -> bool:
    """Whether the row has a number and a time of its own; else all that it holds must tell it from others."""
    return time_column is not None and row.get("id") is not None and row.get(time_column) is not None


def content_key(table: str, owner: str | None, row: Mapping[str, object], occurrence: int) -> str:
    """`occurrence`: how many equal rows came before it."""
    return row_key(table, owner, occurrence, sorted((name, str(value)) for name, value in row.items()))
