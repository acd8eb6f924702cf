"""The files of a SQLite store that cannot be used any longer: put aside beside it, so that a new one can be begun.

A database's log (-wal) and index (-shm) are found by its name. Left in place they would be taken for the next
database's of that name, and written into it (https://sqlite.org/howtocorrupt.html § 1.4).
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
CHECKS = ("SELECT count(*) FROM sqlite_master", "PRAGMA quick_check(1)", "PRAGMA integrity_check(1)")
"""From the quickest to the one that also compares indexes with their tables: seconds for a million rows."""
Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SideFiles:
    """The log and the index as they belong to a database that is open."""

    identities: frozenset[tuple[Path, Identity]]

    @classmethod
    def of(cls, path: Path) -> "SideFiles":
        there = ((side, identity(side)) for side in side_files(path))
        return cls(frozenset((side, found) for side, found in there if found))

    def remove(self) -> None:
        """Those that still stand in their places; another's that has come there meanwhile stays."""
        for side, known in self.identities:
            if identity(side) == known:
                side.unlink(missing_ok=True)


def identity(path: Path) -> Identity | None:
    """What tells a file from another one of its name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def side_files(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite found that the file itself is wrong; also where the error was raised from one that says so."""
    while error is not None:
        cause = getattr(error, "orig", error)
        if (getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF in DAMAGE:
            return True
        error = error.__cause__
    return False


def is_damaged(path: Path, *, thorough: bool = True) -> bool:
    """Asks SQLite; False where it cannot say now. Otherwise only whether it can be opened at all: some microseconds."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5)) as connection:
            found = [connection.execute(check).fetchone()[0] for check in CHECKS[: None if thorough else 1]]
    except sqlite3.DatabaseError as error:
        return is_damage(error)
    return any(answer != "ok" for answer in found[1:])


def set_aside(path: Path, stamp: str) -> Path:
    """Moves the database with its log and index; where it is now, under a name that nobody has.

    :raises OSError: if that is not possible.
    """
    place = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while place.exists():
        number += 1
        place = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    path.rename(place)
    for here, there in zip(side_files(path), side_files(place), strict=True):
        if here.exists():
            here.rename(there)
    return place
