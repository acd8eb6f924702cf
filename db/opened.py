"""The store as a thread has it open."""

from sqlalchemy import Engine

from db import place, schema
from db.engine import writer


class Opened:
    """Opened for writing, its schema current; opened anew where somebody has moved or deleted the file meanwhile.

    Without that the proxy would go on writing into a file that has no name any more, and all of it would be lost.
    """

    def __init__(self, url: str) -> None:
        """:raises UserError: if the store cannot be used."""
        self._url = url
        self._engine = self._open()

    def engine(self) -> Engine:
        """:raises UserError: if the store has gone and cannot be made again."""
        if place.identity(self._url) != self._identity:
            self._engine.dispose()
            self._engine = self._open()
        return self._engine

    def close(self) -> None:
        self._engine.dispose()

    def _open(self) -> Engine:
        engine = writer(self._url)
        try:
            schema.upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        self._identity = place.identity(self._url)
        return engine
