"""`uninstall`: what was set up on this machine is removed; what others hold of it is named, line by line."""

import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from addons.cli import traces
from addons.cli.checks.finding import Surroundings
from addons.cli.checks.lines import distrusting, for_bad
from addons.cli.programs import Ports
from addons.domain import places
from addons.domain.errors import UserError
from db import backups, health
from db.clock import now_ms

ALWAYS = ("ca", "log")
"""In KIMI_HOME, made by us. Only what is known by name is removed: KIMI_HOME may be any folder."""
DATA = ("backups", "providers.toml")
"""Likewise, with --data: what the person would miss."""


def add_arguments(parser: ArgumentParser) -> None:
    Ports.add_arguments(parser)
    parser.add_argument("--data", action="store_true", help="remove the records, the backups and your settings, too")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(args: Namespace) -> int:
    """1 where the person does not agree."""
    around = Surroundings(os.environ, Ports.of(args))
    store = backups.sqlite_file(places.database_url(os.environ))
    if store is not None:
        backups.refuse_running(store, now_ms())
    found = list(removable(around, store, data=args.data))
    print("To be removed:" if found else "Nothing of it is here to be removed.")
    for path in found:
        print(f"  {path}")
    if not args.data and store is not None and store.exists():
        print(f"The records stay: {store}. With --data they go, too.")
    if found and not (args.yes or agreed()):
        print("Nothing has been removed.")
        return 1
    left = list(leftovers(around))  # while the authority is there to be recognised
    for path in found:
        remove(path)
    remove_empty(places.home(os.environ))
    if found:
        print("It has been removed.")
    for line in left:
        print(line)
    return 0


def removable(around: Surroundings, store: Path | None, *, data: bool) -> Iterator[Path]:
    home = places.home(around.environ)
    for name in (*ALWAYS, *(DATA if data else ())):
        if os.path.lexists(home / name):
            yield home / name
    if data and store is not None:
        for suffix in ("", "-wal", "-shm"):
            if (path := store.with_name(store.name + suffix)).exists():
                yield path
        yield from sorted(store.parent.glob(f"{store.name}.before-*"))
        yield from health.leftovers_of(store)


def agreed() -> bool:
    if not sys.stdin.isatty():
        raise UserError("nobody is there to be asked; --yes agrees beforehand")
    return input('Type "yes" to remove it: ').strip().lower() == "yes"


def remove(path: Path) -> None:
    """A folder with all that is in it; of a link, the link."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        raise UserError(f"{error.filename or path} cannot be removed: {error.strerror}.") from error


def remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def leftovers(around: Surroundings) -> Iterator[str]:
    """What only the person can take out."""
    found = list(traces.found(around))
    yield "\nLeft to take out by hand:" if found else "\nNo line that names this proxy was found in the usual places."
    for place in found:
        yield f"  {place.path}, line {place.line}: {place.what}"
    yield "If you had the system trust the certificate:"
    yield f"  {distrusting(around.platform, around.certificate)}"
    yield "If you set the variables for good:"
    for name in around.variables:
        yield f"  {for_bad(around.platform, name)}"
    yield f"Then quit your IDE, and delete this folder: {places.ROOT}"
