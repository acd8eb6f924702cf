"""`restore`: a backup in the store's place. What was there is put aside, never deleted."""

import os
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from addons.cli import postgresql
from addons.cli.backup import OWN_SETTINGS
from addons.domain import places
from addons.domain.errors import UserError
from addons.services.authority import CERTIFICATE_FILE, KEY_FILE
from db import backups
from db.clock import now_ms

MODES = {f"ca/{KEY_FILE}": 0o600, f"ca/{CERTIFICATE_FILE}": 0o644, OWN_SETTINGS: 0o600}
"""The files that may be in a backup besides, and how they are written; anything else in one is left alone."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="a file that ./just backup has made")
    parser.add_argument("--dry-run", action="store_true", help="say what it holds, and change nothing")


def run(args: Namespace) -> int:
    url = places.database_url(os.environ)
    target = backups.sqlite_file(url)
    if target is None:
        print("The store is in PostgreSQL. With all proxies stopped:")
        print(postgresql.restore(url, args.file))
        return 0
    contents = backups.look(args.file)
    print(f"{args.file}: {contents.sessions:,} sessions, {contents.completions:,} calls, schema {contents.schema}")
    if args.dry_run:
        print(f"Nothing has been changed; it would take the place of {target}.")
        return 0
    backups.refuse_running(target, now_ms())
    at = f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    aside = target.with_name(f"{target.name}.before-{at}")
    there = target.exists()
    files = backups.restore(args.file, target, aside)
    print(f"It is now {target}." + (f" What was there is kept as {aside}." if there else ""))
    for name, content in files.items():
        if name in MODES:
            print(put(places.home(os.environ) / name, content, MODES[name], at))
    return 0


def put(path: Path, content: bytes, mode: int, at: str) -> str:
    """One file of the set-up; another content that is there is put aside. What was done, for the person."""
    try:
        if path.exists() and path.read_bytes() == content:
            return f"{path} is the same already."
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = path.with_name(f"{path.name}.before-{at}")
        said = f"{path} has been put back."
        if path.exists():
            os.replace(path, kept)
            said += f" What was there is kept as {kept.name}."
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error
    return said
