"""The store as a thread has it open."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from db import place, schema
from db.engine import writer
from db.legacy import in_place


class Opened:
    """Opened for writing, its schema current, a predecessor's records moved over; opened anew where somebody has moved
    or deleted the file meanwhile.

    Without that the proxy would go on writing into a file that has no name any more, and all of it would be lost.
    """

    def __init__(self, url: str) -> None:
        """:raises UserError: if the store cannot be used."""
        self._url = url
        self._engine = self._open()
        self._connection: Connection | None = None

    def engine(self) -> Engine:
        """:raises UserError: if the store has gone and cannot be made again."""
        if place.identity(self._url) != self._identity:
            self.close()
            self._engine = self._open()
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
        except BaseException:
            self._give_up()
            raise

    def close(self) -> None:
        self._give_up()
        self._engine.dispose()

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

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
