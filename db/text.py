"""Text that every database takes, and that holds no secret."""

from addons.domain.scrub import scrub


def storable(text: str, limit: int) -> str:
    """At most `limit` characters, without what makes a database refuse the row.

    SQLite cannot encode lone surrogates (a model name in JSON may hold one), PostgreSQL takes no NUL and enforces
    lengths.
    """
    text = text[:limit]
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "")


def safe(text: str, limit: int) -> str:
    """For texts that others wrote: errors, messages, a session's first words.

    Whoever made the record should have scrubbed it; this is the last moment before it is on disk.
    """
    return storable(scrub(text), limit) if text else ""
