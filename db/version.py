"""Which version of the schema a database has."""

from sqlalchemy import Connection, inspect, text

from addons.domain.errors import UserError
from db.errors import StoreNotReady
from db.place import shown

HEAD = "0020"
"""The newest migration in migrations/versions; ids are numbers of four digits, so later ones compare larger."""


def found(connection: Connection) -> str | None:
    """The id of the last migration the database has had; None where it has had none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def refuse_newer(connection: Connection, version: str | None) -> None:
    """:raises UserError: if a later version of this project made the database."""
    if version is not None and version > HEAD:
        raise UserError(
            f"The database {shown(connection.engine.url)} has schema {version}; this checkout knows them up to {HEAD}. "
            "Update it, or name another database in KIMI_DATABASE_URL."
        )


def check_readable(connection: Connection) -> None:
    """For readers, which never migrate.

    :raises StoreNotReady: if the tables are missing or older than the queries.
    :raises UserError: if they are newer.
    """
    version = found(connection)
    refuse_newer(connection, version)
    if version != HEAD:
        state = "has no tables yet" if version is None else f"has schema {version} and needs {HEAD}"
        raise StoreNotReady(
            f"The database {shown(connection.engine.url)} {state}: start the proxy once, it takes care of that."
        )
