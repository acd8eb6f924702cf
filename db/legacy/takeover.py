"""A predecessor's sessions.db into the store, wherever the file is; or what that would do."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from addons.domain.errors import UserError
from db import foreign, place
from db.clock import now_ms
from db.engine import opened, reader
from db.failures import described
from db.legacy import importing, in_place, source
from db.legacy.importing import Planning, Progress
from db.legacy.report import Report
from db.legacy.storing import Storing, known
from db.opened import Opened
from db.tables import legacy_rows

Known = Callable[[Sequence[str]], set[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    report: Report
    is_store: bool
    """The file is where the store is to be: it is replaced by the store, and kept under another name."""
    kept: Path
    """Where the old file is afterwards."""


def plan(url: str, file: Path, progress: Progress) -> Outcome:
    """Changes nothing, and makes no file.

    :raises UserError: if the file is no predecessor's, or the store cannot be read.
    """
    is_store = _is_store(url, file)
    with source.opened(file) as found, _known(url, is_store) as asked:
        report = importing.run(found, Planning(asked), progress)
    return Outcome(report, is_store, file)


def take_over(url: str, file: Path, progress: Progress) -> Outcome:
    """Again: takes only what has come since. The file stays as it is, unless it is where the store is to be.

    :raises UserError: if the file is no predecessor's, or the store cannot be written.
    """
    if _is_store(url, file) and (moved := in_place.migrate(url, progress)):
        report, kept = moved
        return Outcome(report, True, kept)
    with source.opened(file) as found:
        store = Opened(url)
        try:
            report = _stored(found, store, progress)
        except DBAPIError as error:
            raise UserError(
                f"The store cannot take more of {file}: {described(error)}. What it has taken stays; import it again."
            ) from error
        finally:
            store.close()
    return Outcome(report, False, file)


def _stored(found: source.Source, store: Opened, progress: Progress) -> Report:
    at_ms = now_ms()
    storing = Storing(store.engine, at_ms)
    report = importing.run(found, storing, progress)
    if report.new:
        storing.note(in_place.imported(report, found.path, at_ms))
    return report


def _is_store(url: str, file: Path) -> bool:
    parsed = place.parse(url)
    if parsed.get_backend_name() != "sqlite" or not file.exists():
        return False
    path = place.sqlite_path(parsed)
    return path.exists() and path.samefile(file)


@contextmanager
def _known(url: str, is_store: bool) -> Iterator[Known]:
    if is_store or not _may_hold_rows(place.parse(url)):
        yield lambda _keys: set()
    else:
        with opened(reader, url) as engine:
            yield lambda keys: _asked(engine, keys)


def _may_hold_rows(url: URL) -> bool:
    """Not a store that is still to be made, or that is older than the first import.

    :raises UserError: if something else is in its place.
    """
    if url.get_backend_name() != "sqlite":
        return True
    path = place.sqlite_path(url)
    return path.exists() and legacy_rows.name in foreign.refuse(path)


def _asked(engine: Engine, keys: Sequence[str]) -> set[str]:
    with engine.connect() as tx:
        return known(tx, keys)
