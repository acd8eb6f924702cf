"""The store as a thread has it open."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from addons.domain.errors import UserError
from db import aside, foreign, place, schema
from db.aside import SideFiles
from db.engine import writer
from db.legacy import in_place

log = logging.getLogger(__name__)

OnChange = Callable[[str], None]


class Opened:
    """Opened for writing, its schema current, a predecessor's records moved over; opened anew where somebody has moved
    or deleted the file meanwhile, and begun anew where it turns out to be damaged.

    Without that the proxy would go on writing into a file that has no name any more, or not at all.
    """

    def __init__(self, url: str, on_change: OnChange = log.warning) -> None:
        """`on_change` is told in words that another file is in use now.

        :raises UserError: if the store cannot be used.
        """
        self._url = url
        self._path = place.file_of(url)
        self._on_change = on_change
        self._is_suspect = False
        self._side_files = SideFiles(frozenset())
        self._engine = self._open_sound()
        self._connection: Connection | None = None

    def engine(self) -> Engine:
        """:raises UserError: if the store has gone and cannot be made again."""
        if place.identity(self._url) != self._identity:
            self._leave()
        if self._is_suspect:
            self._examine()
        return self._engine

    def connection(self) -> Connection:
        """The same one each time: taking one from the engine costs three times as much as an empty transaction.

        :raises UserError: if the store has gone and cannot be made again.
        """
        engine = self.engine()
        if self._connection is None:
            self._connection = engine.connect()
        return self._connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction on `connection`, which is given up where it fails: the next one is known to work.

        :raises UserError: if the store has gone and cannot be made again.
        """
        connection = self.connection()
        try:
            with connection.begin():
                yield connection
        except BaseException as error:
            self._is_suspect |= aside.is_damage(error)
            self._give_up()
            raise
        self._note_side_files()

    def look(self) -> None:
        """Notices a file that is no database any more, although SQLite still works with what it remembers of it; the
        next transaction is in a new one.
        """
        if self._path and aside.is_damaged(self._path, thorough=False):
            self._is_suspect = True

    def close(self) -> None:
        """Moves SQLite's log into the file: a reader that closes later could not, and would leave it lying there."""
        self._give_up()  # to the pool: where the file was moved, a new connection would find none
        if self._path:
            with suppress(SQLAlchemyError, sqlite3.Error), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA busy_timeout = 0")  # a stop does not wait for who reads
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._engine.dispose()

    def _give_up(self) -> None:
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # of a file that is damaged or gone
                self._connection.close()
            self._connection = None

    def _note_side_files(self) -> None:
        if self._path and place.identity(self._url) == self._identity:
            self._side_files = SideFiles.of(self._path)

    def _leave(self) -> None:
        """The file has been deleted, moved, or replaced: what is in the log goes along with it, and stays with it."""
        self.close()
        self._side_files.remove()
        was_there = place.identity(self._url) is not None
        self._engine = self._open()
        name = place.shown(self._engine.url)
        self._on_change(
            f"The database {name} was replaced by another file; records go there now"
            if was_there
            else f"The database {name} was deleted or moved while the proxy ran; a new one was begun"
        )

    def _examine(self) -> None:
        """:raises OSError: if a damaged file cannot be put aside."""
        if self._path and aside.is_damaged(self._path):
            self._give_up()
            self._engine.dispose()  # its log goes aside with it, as it is
            self._begin_anew(self._path)
        self._is_suspect = False

    def _open_sound(self) -> Engine:
        """:raises UserError: also for a damaged file that shows no sign of being ours, or cannot be put aside."""
        try:
            return self._open()
        except UserError as error:
            if not (self._path and aside.is_damage(error) and foreign.is_ours(self._path)):
                raise
            path = self._path
        try:
            return self._begin_anew(path)
        except OSError as error:
            raise UserError(f"{path} is damaged, and cannot be put aside: {error.strerror}. Move it away.") from error

    def _begin_anew(self, path: Path) -> Engine:
        moved = aside.set_aside(path, time.strftime("%Y%m%d-%H%M%S"))
        self._engine = self._open()
        self._on_change(
            f"The database was damaged: it is {moved} now, and a new one was begun; "
            "`./just restore` puts a backup in its place"
        )
        return self._engine

    def _open(self) -> Engine:
        in_place.migrate(self._url)
        engine = writer(self._url)
        try:
            schema.upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        self._identity = place.identity(self._url)
        return engine
