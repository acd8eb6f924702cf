"""One read of the store, and the one error a page has to know."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from addons.domain.errors import UserError
from db.errors import StoreNotReady
from db.failures import cause


class StoreUnavailable(Exception):
    """The store cannot be read: a page shows words that say what to do in the place of its figures."""

    def __init__(self, reason: str, *, missing: bool) -> None:
        super().__init__(reason)
        self.missing = missing
        """True: no proxy has made it yet. False: it is there, but busy, damaged, or not ours."""


@contextmanager
def reading(opened: Callable[[], Engine]) -> Iterator[Connection]:
    """A connection for one question; never kept open, because a long read keeps SQLite's log from being emptied.

    :raises StoreUnavailable: if there is no store, or it does not answer.
    """
    with answering(), opened().connect() as tx:
        yield tx


@contextmanager
def answering() -> Iterator[None]:
    """Around whatever uses the store.

    :raises StoreUnavailable: in the place of what the store raises.
    """
    try:
        yield
    except StoreNotReady as problem:
        raise StoreUnavailable(str(problem), missing=True) from problem
    except UserError as problem:
        raise StoreUnavailable(str(problem), missing=False) from problem
    except DBAPIError as problem:
        raise StoreUnavailable(cause(problem), missing=False) from problem
