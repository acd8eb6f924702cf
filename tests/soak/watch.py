"""What the proxy takes of the machine while it works, with a reader beside it like a dashboard."""

import csv
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from tests.bench.proxies import Proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    answered: int
    memory_mb: float
    files: int
    threads: int
    wal_mb: float
    queued: int
    dropped: int


class Watch:
    """`start`, then `samples`, then `stop`."""

    def __init__(self, proxy: Proxy, answered: Callable[[], int], every_s: float) -> None:
        self.samples: list[Sample] = []
        self._proxy, self._answered, self._every_s = proxy, answered, every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self.samples.append(self._look())

    def write(self, file: Path) -> None:
        """As CSV, to draw how it went."""
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, [field.name for field in fields(Sample)])
            writer.writeheader()
            writer.writerows(asdict(sample) for sample in self.samples)

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self.samples.append(self._look())

    def _look(self) -> Sample:
        process = Path(f"/proc/{self._proxy.pid}")
        queued, dropped = beat(self._proxy.database)
        query(self._proxy.database, "SELECT * FROM completions ORDER BY id DESC LIMIT 100")
        return Sample(
            answered=self._answered(),
            memory_mb=self._proxy.rss_mb(),
            files=len(list((process / "fd").iterdir())),
            threads=len(list((process / "task").iterdir())),
            wal_mb=wal_mb(self._proxy.database),
            queued=queued,
            dropped=dropped,
        )


def wal_mb(database: Path) -> float:
    """Of SQLite's log beside the database; 0 where there is none."""
    log = Path(f"{database}-wal")
    return log.stat().st_size / 1e6 if log.exists() else 0.0


def beat(database: Path) -> tuple[int, int]:
    """Records waiting and records dropped, of a store that one proxy has had.

    A second one would be the same process after somebody has edited `addons/kimi.py`, which mitmproxy loads anew.
    """
    beats = query(database, "SELECT queued, dropped FROM heartbeat")
    if len(beats) != 1:
        raise RuntimeError(f"{len(beats)} proxies wrote to {database}; run the soak on a checkout that nobody edits")
    return int(beats[0][0]), int(beats[0][1])


def query(database: Path, sql: str) -> list[tuple[int | str, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(sql).fetchall()


def table_rows(database: Path) -> dict[str, int]:
    names = [str(name) for (name,) in query(database, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: int(query(database, f"SELECT count(*) FROM {name}")[0][0]) for name in names}
