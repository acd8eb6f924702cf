"""Brings a database to the schema of `models`, by the migrations in migrations/versions.

A new migration: raise `version.HEAD`, write versions/NNNN_what.py by hand after its neighbours; never edit an applied
one.
"""

import logging
import threading
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from addons.domain.errors import UserError
from db import place, version
from db.engine import serialize
from db.failures import cause

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_KEY = 0x6B696D69
"""PostgreSQL's advisory lock for migrations: "kimi" in ASCII, any number nobody else uses."""
PATIENCE_S = 120
"""How long to wait for another proxy that migrates a large store."""

_one_at_a_time = threading.Lock()
"""Alembic's environment is global to the process."""


def upgrade(engine: Engine) -> None:
    """All missing migrations in one transaction; of several processes that start together, one does the work.

    :raises UserError: if the database is newer than this checkout, or cannot be written.
    """
    try:
        with _one_at_a_time, engine.begin() as tx:
            serialize(tx, MIGRATION_KEY, patience_s=PATIENCE_S)
            current = version.found(tx)
            version.refuse_newer(tx, current)
            if current != version.HEAD:
                _migrate(tx)
    except DBAPIError as error:
        raise UserError(f"The database {place.shown(engine.url)} cannot be set up: {cause(error)}.") from error


def _migrate(tx: Connection) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of its plug-ins as soon as it is imported
    from alembic import command  # noqa: PLC0415 - only a database that needs a migration pays for the import
    from alembic.config import Config  # noqa: PLC0415 - likewise

    config = Config()  # built here, so that no alembic.ini is needed
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = tx
    command.upgrade(config, version.HEAD)
    log.info("database %s: brought to schema %s", place.shown(tx.engine.url), version.HEAD)
