"""What can happen to the database while the proxy writes it. Traffic never notices, and an alert says what happened."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.e2e.harness import Product
from tests.faults.rig import WRITTEN_S, Rig, SkipError

LOCKED_S = 6.5
"""Longer than the recorder's connection waits (5 s), so that writing fails and is tried again."""
PAGE = 4096
"""Bytes; SQLite's own measure."""
UNWRITTEN = "the store cannot be written"
"""In the proxy's log."""
SOME = 8
"""Answers under a fault: enough for several batches."""


def is_locked(rig: Rig, rounds: int) -> None:
    for _ in range(rounds):
        other = sqlite3.connect(rig.database, isolation_level=None, timeout=WRITTEN_S)
        with rig.traffic() as traffic, closing(other):
            traffic.wait(SOME)
            printed = len(rig.product.output())
            other.execute("BEGIN IMMEDIATE")
            until = time.monotonic() + LOCKED_S
            while time.monotonic() < until:
                traffic.wait(1)
                time.sleep(0.2)
            rig.must_say(UNWRITTEN, printed)
            other.execute("ROLLBACK")
        rig.must_be_recorded()
    rig.must_alert("store:The store could not be written")


def takes_no_more_bytes(rig: Rig, rounds: int) -> None:
    """The system refuses to let files grow beyond what they are (as with a quota), then does again."""
    assert rig.product.process
    pid = rig.product.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    for _ in range(rounds):
        with rig.traffic() as traffic:
            traffic.wait(SOME)
            printed = len(rig.product.output())
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (8_192, before[1]))
            traffic.wait(SOME)
            rig.must_say(UNWRITTEN, printed)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
            traffic.wait(SOME)
        rig.must_be_recorded()
    rig.must_alert("store:The store could not be written")


def is_on_a_full_disk(rig: Rig, rounds: int) -> None:
    with small_disk() as disk:
        database = disk / "sessions.db"
        product = rig.another("full", database)
        product.log = disk / "mitmdump.log"  # nor can it print any more
        product.start()
        try:
            for _ in range(rounds):
                with rig.traffic(product) as traffic:
                    traffic.wait(SOME)
                    fill(disk / "filler")
                    traffic.wait(8 * SOME)
                    (disk / "filler").unlink()
                    traffic.wait(SOME)
                rig.must_be_recorded(database)
            rig.must_alert("store:The store could not be written", database)
            rig.must_be_intact(database)
        finally:
            product.stop(signal.SIGTERM)


@contextmanager
def small_disk() -> Iterator[Path]:
    """:raises SkipError: where nothing may be mounted."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SkipError(f"no small file system: {done.stderr.strip()}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        for size in (65_536, 4_096, 512):
            try:
                while True:
                    out.write(b"\0" * size)
            except OSError:
                continue  # full for pieces of this size


def is_read_only(rig: Rig, rounds: int) -> None:
    """A copy that nobody may write stands in its place, until it may be written again."""
    for _ in range(rounds):
        with rig.traffic() as traffic:
            traffic.wait(SOME)
            copy = rig.database.with_name("copy.db")
            with closing(sqlite3.connect(rig.database)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            copy.chmod(0o400)
            printed = len(rig.product.output())
            copy.replace(rig.database)
            with unwritable(rig.database):
                traffic.wait(SOME)
                rig.must_say(UNWRITTEN, printed)
            rig.database.chmod(0o600)
            traffic.wait(SOME)
        rig.due.clear()  # what was written between the copy and its taking the place is in neither
        rig.must_go_on()
        rig.must_be_recorded()
    rig.must_alert("store:The store could not be written")


@contextmanager
def unwritable(file: Path) -> Iterator[None]:
    """Also for the superuser, who may write what its mode forbids.

    :raises SkipError: where nothing may be mounted.
    """
    if os.geteuid() != 0:
        yield
        return
    for options in (["--bind", str(file), str(file)], ["-o", "remount,bind,ro", str(file)]):
        done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SkipError(f"nothing to mount with: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", file], check=True)


def is_deleted(rig: Rig, rounds: int) -> None:
    """All its files, or the database alone, while a page of the dashboard has it open; what was in it is gone."""
    for number in range(rounds):
        with rig.traffic() as traffic, closing(sqlite3.connect(rig.database)) as page:
            traffic.wait(SOME)
            page.execute("SELECT count(*) FROM completions").fetchone()
            kept = kept_beside(rig)
            for path in [rig.database, *(kept if number % 2 else [])]:
                path.unlink(missing_ok=True)
            deleted_at = time.monotonic()
            traffic.wait(SOME)
            rig.until(rig.database.exists)
            traffic.wait(SOME)
        rig.due = {model: at for model, at in rig.due.items() if rig.begun[model] > deleted_at}
        rig.must_be_recorded()
        rig.must_be_intact()
        rig.must_alert(f"store:The database {rig.database} was deleted")


def is_replaced(rig: Rig, rounds: int) -> None:
    """By an older copy of it, as somebody does who goes back to a backup; both are intact afterwards."""
    old = rig.database.with_name("old.db")
    for _ in range(rounds):
        with rig.traffic() as traffic, closing(sqlite3.connect(rig.database)) as page:
            backup = rig.database.with_name("backup.db")
            with closing(sqlite3.connect(backup)) as target:
                page.backup(target)
            traffic.wait(SOME)
            os.link(rig.database, old)
            backup.replace(rig.database)  # at once: without any, the proxy would begin a new one
            traffic.wait(2 * SOME)
        rig.must_be_recorded(rig.database, old)
        rig.must_be_intact()
        rig.must_be_intact(old)
        old.unlink()
    rig.must_alert(f"store:The database {rig.database} was replaced")


def is_damaged(rig: Rig, rounds: int) -> None:
    """Its beginning, or pages in its midst; it is put aside, and the next start works."""
    for number in range(rounds):
        with rig.traffic() as traffic:
            traffic.wait(SOME)
            with closing(sqlite3.connect(rig.database, timeout=WRITTEN_S)) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log would stand in for the lost pages
            pages = [0] if number % 2 else range(1, rig.database.stat().st_size // PAGE)
            overwrite(rig, pages)
            traffic.wait(2 * SOME)
        rig.product.stop(signal.SIGTERM)  # looks at the file once more
        rig.must_alert("store:The database was damaged: it is")
        rig.product.start()
        rig.due.clear()  # what the damaged file held is there for who can read it
        must_serve_anew(rig)


def is_damaged_at_rest(rig: Rig, rounds: int) -> None:
    """While no proxy runs: its head, its first page, all pages but the schema's last, its end; the next start works."""
    for number in range(rounds):
        rig.must_go_on()
        rig.product.stop(signal.SIGTERM)
        before = len(put_aside(rig))
        size = rig.database.stat().st_size
        match number % 3:
            case 0:
                overwrite(rig, [0])
            case 1:
                overwrite(rig, [0], 100)
            case 2:
                os.truncate(rig.database, size - 3 * PAGE)
        rig.product.start()
        rig.must(len(put_aside(rig)) == before + 1, "the damaged file was not put aside")
        rig.due.clear()
        must_serve_anew(rig)
        rig.must_alert("store:The database was damaged: it is")


def overwrite(rig: Rig, pages: Iterable[int], size: int = PAGE) -> None:
    """With noise: the beginnings of these pages."""
    with rig.database.open("r+b") as file:
        for page in pages:
            file.seek(page * PAGE)
            file.write(rig.random.randbytes(size))


def must_serve_anew(rig: Rig) -> None:
    """In a new store; the old one is kept beside it."""
    rig.must_go_on()
    rig.must_be_recorded()
    rig.must_be_intact()
    rig.must(bool(put_aside(rig)), "the damaged file was not kept")


def put_aside(rig: Rig) -> list[Path]:
    found = rig.database.parent.glob(f"{rig.database.name}.damaged-*")
    return [path for path in found if not path.name.endswith(("-wal", "-shm"))]


def kept_beside(rig: Rig) -> list[Path]:
    return [path for path in rig.database.parent.glob(f"{rig.database.name}-*") if path.suffix != ".log"]


def serves_two_proxies(rig: Rig, rounds: int) -> None:
    """Both write at the same time; one is killed and comes back; nobody loses anything."""
    other = rig.another("other", rig.database)
    shutil.rmtree(other.folder / "kimi", ignore_errors=True)
    for _ in range(rounds):
        other.start()
        killed = proxy_of(other)
        with rig.traffic() as first, rig.traffic(other, may_fail=True) as second:
            first.wait(SOME)
            second.wait(SOME)
            killed_at = time.monotonic()
            other.stop(signal.SIGKILL)
            first.wait(SOME)
        mine = {model: at for model, at in rig.due.items() if at > killed_at}
        rig.must_be_recorded(killed_at=killed_at)
        rig.due = mine
        rig.must_be_recorded()
        rig.must_be_intact()
        rig.must_alert(f"store:The proxy {killed} ended without a word at")
    told = [key for key in rig.alerts() if "ended without a word" in key]
    rig.must(len(told) == rounds, f"{len(told)} proxies are told to have ended, expected {rounds}")


def proxy_of(product: Product) -> str:
    """The id of the one that was started last at this product's address."""
    listens = f"%:{product.ports.proxy}%"
    sql = "SELECT proxy_id FROM heartbeat WHERE listen LIKE ? ORDER BY started_at_ms DESC LIMIT 1"
    return str(product.query(sql, listens)[0]["proxy_id"])
