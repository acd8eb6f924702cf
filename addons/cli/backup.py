"""`backup`: the store in one file, also while the proxy writes to it."""

import os
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from addons.cli import postgresql
from addons.domain import places
from addons.domain.errors import UserError
from addons.services.authority import CERTIFICATE_FILE, KEY_FILE
from db import backups

OWN_SETTINGS = "providers.toml"
"""The person's own, over the project's."""


def add_arguments(parser: ArgumentParser) -> None:
    where = "where to (default: kimi-proxy-DATE.db in the folder backups of KIMI_HOME)"
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help=where)
    authority = "put the certificate authority's private key in, too; keep such a file safe"
    parser.add_argument("--with-ca", action="store_true", help=authority)


def run(args: Namespace) -> int:
    url = places.database_url(os.environ)
    source = backups.sqlite_file(url)
    if source is None:
        print("The store is in PostgreSQL, which makes its own backups, also while proxies write:")
        print(postgresql.dump(url, args.file))
        return 0
    target = args.file or usual_place(datetime.now(UTC))
    contents = backups.make(source, target.expanduser().absolute(), besides(with_ca=args.with_ca))
    print(f"{target}: {contents.sessions:,} sessions, {contents.completions:,} calls, schema {contents.schema}")
    print(f"Besides: {', '.join(contents.files) or 'nothing'}.")
    print("The file is readable by you alone; what was masked is in it as it was.")
    return 0


def usual_place(at: datetime) -> Path:
    folder = places.home(os.environ) / "backups"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be made: {error.strerror}; name a FILE elsewhere.") from error
    return folder / f"kimi-proxy-{at:%Y-%m-%dT%H%M%SZ}.db"


def besides(*, with_ca: bool) -> dict[str, bytes]:
    """What belongs to a set-up and is in no database: the person's settings, the authority on demand."""
    home = places.home(os.environ)
    wanted = {OWN_SETTINGS: home / OWN_SETTINGS}
    if with_ca:
        wanted |= {f"ca/{name}": places.authority_dir(os.environ) / name for name in (KEY_FILE, CERTIFICATE_FILE)}
    try:
        return {name: path.read_bytes() for name, path in wanted.items() if path.is_file()}
    except OSError as error:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}.") from error
