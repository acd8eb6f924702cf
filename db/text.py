"""Text that every database takes."""


def storable(text: str, limit: int) -> str:
    """At most `limit` characters, without what makes a database refuse the row.

    SQLite cannot encode lone surrogates (a model name in JSON may hold one), PostgreSQL takes no NUL and enforces
    lengths.
    """
    text = text[:limit]
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "")
