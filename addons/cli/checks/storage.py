"""The store's file, its soundness, the disk it is on, and the proxies that write to it."""

from collections.abc import Iterator
from pathlib import Path

from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.domain import places
from addons.domain.errors import UserError
from db import health
from db.clock import now_ms
from db.queries.proxies import ProxySign

LEAST_FREE_BYTES = 500_000_000
LARGE_WAL_BYTES = 64_000_000
"""SQLite moves it into the file at 4 MB; ten times that means that a reader has held it up for long."""
ALIVE_MS = 5_000
"""A heartbeat comes every second."""
RECENT_MS = 3_600_000
"""A proxy that was heard of within this time and has not said good-bye was killed, or hangs."""
SKEW_MS = 60_000
MEGABYTE = 1_000_000


def file(around: Surroundings) -> Iterator[Finding]:
    try:
        found = health.file_of(places.database_url(around.environ))
    except UserError:
        return  # the check of the store says it
    if found is None:
        return
    if found.mode & 0o077:
        yield wrong(f"Others can read {found.path} (mode {found.mode:o})", f'chmod 600 "{found.path}"')
    size = f"{found.size_bytes / MEGABYTE:,.0f} MB"
    if found.wal_bytes > LARGE_WAL_BYTES:
        yield note(
            f"The database takes {size}, and {found.wal_bytes / MEGABYTE:,.0f} MB wait in its write-ahead log",
            "Stop whatever keeps the database open (an old dashboard, a database browser); the proxy then empties it.",
        )
    else:
        yield fine(f"The database takes {size}")
    for path in found.leftovers:
        yield wrong(f"{path.name} is a copy of a predecessor's file; it may still hold your API keys", f'rm "{path}"')


def soundness(around: Surroundings) -> Iterator[Finding]:
    try:
        damage = health.damage(places.database_url(around.environ))
    except UserError:
        return  # the check of the store says it
    if damage:
        yield wrong(
            f"The database is damaged: {damage}",
            "Stop the proxy, then put a backup in its place: ./just restore FILE (./just backup makes them).",
        )
    else:
        yield fine("The database is sound")


def disk(around: Surroundings) -> Iterator[Finding]:
    for folder in folders(around):
        try:
            free = health.free_bytes(folder)
        except OSError:
            continue  # not there yet: it is made when it is needed
        if free < LEAST_FREE_BYTES:
            yield wrong(
                f"{free / MEGABYTE:,.0f} MB are free on the disk of {folder}",
                "Free some, or keep less: [retention] in providers.toml.",
            )
        else:
            yield fine(f"{free / MEGABYTE:,.0f} MB are free on the disk of {folder}")


def folders(around: Surroundings) -> list[Path]:
    """Home and database, each disk once."""
    found = [places.home(around.environ)]
    try:
        if store := health.file_of(places.database_url(around.environ)):
            found.append(store.path.parent)
    except UserError:
        return found
    return list({path.stat().st_dev: path for path in found if path.exists()}.values())


def proxies(around: Surroundings) -> Iterator[Finding]:
    try:
        signs = health.signs(places.database_url(around.environ))
    except UserError:
        return  # the check of the store says it
    yield from heartbeats(signs, now_ms())


def heartbeats(signs: list[ProxySign], now: int) -> Iterator[Finding]:
    """Pure. Two proxies on one SQLite file work, but each counts rate limits for itself."""
    alive = [sign for sign in signs if abs(now - sign.seen_at_ms) <= ALIVE_MS and sign.stopped_at_ms is None]
    for sign in alive:
        yield fine(f"Proxy {sign.proxy_id} writes to the database ({sign.listen})")
        if sign.dropped:
            yield wrong(
                f"Proxy {sign.proxy_id} has lost {sign.dropped:,} records",
                "See its log for why the store was not written.",
            )
        if sign.settings_error:
            yield wrong(
                f"Proxy {sign.proxy_id} uses older settings: {sign.settings_error}", "Put providers.toml right."
            )
    if len(alive) > 1:
        yield note(
            f"{len(alive)} proxies write to this database; each counts the rate limits for itself",
            'Stop all but one, or let them share: [pacing] storage = "redis://127.0.0.1:6379/0".',
        )
    for sign in signs:
        silent_ms = now - sign.seen_at_ms
        if sign.stopped_at_ms is None and ALIVE_MS < silent_ms < RECENT_MS:
            yield note(
                f"Proxy {sign.proxy_id} was last heard of {silent_ms // 1000:,} s ago, and did not say that it stops",
                "It was killed or hangs; start it again with ./just up.",
            )
    if any(sign.seen_at_ms - now > SKEW_MS for sign in signs):
        yield wrong("Records in the database are from the future", "Set the clock of this machine right.")
