"""What every fault is tried on: simulated providers, the real product, traffic through it, what must hold afterwards.

All randomness comes from one generator, so that a seed repeats a run.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from math import inf
from pathlib import Path
from random import Random
from typing import Any, Self

import httpx

from addons.services.simulator.script import Answer, Rule
from addons.services.simulator.server import Simulator
from db.engine import opened, reader
from db.queries.alerts import AlertFilter, alert_rows
from tests.e2e.harness import Product, Way

CLOCK = Path(__file__).with_name("clock")
BATCH_S = 0.25
"""The recorder's promise."""
WRITTEN_S = 60.0
"""Longest wait for a record, an alert or a new start of the store; a busy machine included."""
PAUSE_S = 0.02
TEXT = "The simulated provider has read the request."


@dataclass(frozen=True, slots=True)
class Place:
    """A provider: its key in the gateway's paths, its host, and what its paths begin with."""

    key: str
    host: str
    base_path: str

    def url(self, way: Way) -> str:
        return way.base_url(self.key, self.host, self.base_path) + "/chat/completions"


KIMI = Place("kimi-code", "api.kimi.com", "/coding/v1")


AlertKey = tuple[str, int, int]
"""Key, rev and time: the time is the proxy's, whose clock may have jumped; a rev comes again in another database."""


class SkipError(Exception):
    """Why a fault cannot be tried on this machine."""


@dataclass(slots=True)
class Tally:
    """What one fault did."""

    requests: int = 0
    """Sent to the proxy, whole or in part."""
    lost: int = 0
    """Answers that were read to their end and are not recorded."""
    excused: int = 0
    """Of these, the ones that no promise covers: finished in the last moment before a kill."""
    problems: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    """Rules of the alerts that it had to raise, and did."""
    skipped: str = ""

    @property
    def verdict(self) -> str:
        if self.skipped:
            return f"skipped: {self.skipped}"
        if self.lost > self.excused:
            return "LOST"
        return "FAILED" if self.problems else "ok"

    @property
    def report(self) -> str:
        return "; ".join([f"{self.lost - self.excused} records lost"] * (self.lost > self.excused) + self.problems[:8])


class Told(Product):
    """Tells the same thing again: the alert of one fault may be in a database that the next has put aside. Tells of a
    provider's failures from the second on.
    """

    def unlimited(self) -> str:
        return super().unlimited() + "\n[alerts]\nquiet_minutes = 0\nerror_burst = 2\n"


class Rig:
    """`with Rig(folder, seed) as rig:` has the providers running; `begin` starts the product where it is down."""

    def __init__(self, folder: Path, seed: int = 1, last_moment_s: float = 2 * BATCH_S) -> None:
        """`last_moment_s`: what was finished so long before a kill may be lost; a batch, and as much for the answer."""
        self.folder, self.last_moment_s = folder, last_moment_s
        self.random = Random(seed)
        self.tally = Tally()
        self.simulator = Simulator(folder / "simulator").__enter__()
        self.clock_file = folder / "clock"
        self.product = self.another("product")
        self.due: dict[str, float] = {}
        """Models whose answers have come in whole, and when (time.monotonic); each request has a model of its own."""
        self.begun: dict[str, float] = {}
        """Likewise, when they were sent."""
        self._numbers = count(1)
        self._alerts_before: set[AlertKey] = set()
        self._began_s = time.time()

    def another(self, name: str, database: Path | None = None) -> Product:
        """A product in a folder of its own, on a database of its own or the given one."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        environ = {"KIMI_TEST_CLOCK": str(self.clock_file), "PYTHONPATH": str(CLOCK), "PYTHONUNBUFFERED": "1"}
        if database:
            environ["KIMI_DATABASE_URL"] = f"sqlite:///{database}"
        product = Told(folder, self.simulator, environ)
        product.database = database or product.database
        return product

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.product.process:
            self.product.stop(9)
        self.simulator.__exit__(None, None, None)

    def begin(self) -> None:
        self.tally, self.due, self.begun = Tally(), {}, {}
        self.simulator.inbox.clear()
        self.simulator.script.replace(())
        if not self.product.process or self.product.process.poll() is not None:
            self.product.start()
        self._alerts_before, self._began_s = set(self._alerts(self.database)), time.time()

    @property
    def database(self) -> Path:
        return self.product.database

    def new_body(self) -> dict[str, Any]:
        """A chat with a model of its own, by which its record is found."""
        number = next(self._numbers)
        text = f"Question {number} of this run"
        return {"model": f"m-{number}", "messages": [{"role": "user", "content": text}], "stream": True}

    def ask(self, product: Product | None = None, *answers: Answer) -> str:
        """One request as a client sends it, alternately by both ways; its model, once the answer has come in whole.

        :raises httpx.HTTPError: if it does not.
        """
        product = product or self.product
        body = self.new_body()
        for answer in answers:
            self.simulator.script.add(Rule(answer=answer, contains=f'"{body["model"]}"'))
        way = Way(product, gateway=self.tally.requests % 2 == 0)
        self.tally.requests += 1
        self.begun[body["model"]] = time.monotonic()
        with way.client() as client:
            response = client.post(KIMI.url(way), json=body)
        response.raise_for_status()
        if "[DONE]" not in response.text:
            raise httpx.RemoteProtocolError(f"the answer to {body['model']} is not whole: {response.text[-80:]!r}")
        self.due[body["model"]] = time.monotonic()
        return str(body["model"])

    def must(self, holds: bool, problem: str) -> None:
        if not holds and problem not in self.tally.problems:
            self.tally.problems.append(problem)

    def must_go_on(self, product: Product | None = None) -> None:
        """The next request, by either way, is answered as ever."""
        for _ in range(2):
            try:
                self.ask(product)
            except (httpx.HTTPError, OSError) as error:
                self.must(False, f"traffic does not go on: {said(error)}")

    def must_be_recorded(self, *databases: Path, killed_at: float | None = None) -> None:
        """All answers that came in whole, but for a kill's last moment."""
        last_s = inf if killed_at is None else killed_at - self.last_moment_s
        late = {model for model, at in self.due.items() if at > last_s}
        self.until(lambda: not (set(self.due) - late - self.recorded(*databases)))
        missing = set(self.due) - self.recorded(*databases)
        late &= missing
        self.tally.lost += len(missing)
        self.tally.excused += len(late)
        self.due = {}

    def recorded(self, *databases: Path) -> set[str]:
        rows = [row for path in databases or (self.database,) for row in rows_of(path, "SELECT model FROM completions")]
        return {row["model"] for row in rows}

    def must_be_intact(self, database: Path | None = None) -> None:
        found = rows_of(database or self.database, "PRAGMA integrity_check")
        self.must(found == [{"integrity_check": "ok"}], f"integrity_check says {found}")

    def must_alert(self, key: str, database: Path | None = None) -> None:
        """That there is one of a key that begins so since the fault began, as the dashboard reads it."""
        if self.until(lambda: any(each.startswith(key) for each in self.alerts(database))):
            self.tally.told.add(key.partition(":")[0])
        else:
            self.must(False, f"no alert {key}")

    def alerts(self, database: Path | None = None) -> list[str]:
        """The keys of those since the fault began."""
        return [key for key, *_ in self._new_alerts(database or self.database)]

    def unwanted(self) -> list[str]:
        """The same, of what happened meanwhile: one of the fault before it may be written late."""
        times = range(round(self._began_s * 1000), round(time.time() * 1000) + 1)
        return [key for key, _, at_ms in self._new_alerts(self.database) if at_ms in times]

    def _new_alerts(self, database: Path) -> list[AlertKey]:
        return [each for each in self._alerts(database) if each not in self._alerts_before]

    def _alerts(self, database: Path) -> list[AlertKey]:
        with opened(reader, f"sqlite:///{database}") as engine, engine.connect() as tx:
            return [(row.key, row.rev, row.at_ms) for row in alert_rows(tx, AlertFilter(), 1_000)]

    def must_say(self, text: str, after: int) -> None:
        """In the proxy's log, after so many characters of it."""
        self.must(self.until(lambda: text in self.product.output()[after:]), f"the log does not say {text!r}")

    def until(self, holds: Callable[[], bool], timeout_s: float = WRITTEN_S) -> bool:
        give_up = time.monotonic() + timeout_s
        while not holds():
            if time.monotonic() > give_up:
                return False
            time.sleep(PAUSE_S)
        return True

    @contextmanager
    def traffic(self, product: Product | None = None, may_fail: bool = False) -> Iterator["Traffic"]:
        """Requests one after the other while the block runs; one that fails is a problem, unless it may."""
        traffic = Traffic(self, product or self.product, may_fail)
        try:
            yield traffic
        finally:
            traffic.stop()


class Traffic:
    def __init__(self, rig: Rig, product: Product, may_fail: bool) -> None:
        self.finished = 0
        self._rig, self._product, self._may_fail = rig, product, may_fail
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._rig.ask(self._product)
            except (httpx.HTTPError, OSError) as error:
                if self._may_fail:
                    return
                self._rig.must(False, f"a request failed: {said(error)}")
            else:
                self.finished += 1
            self._stopping.wait(PAUSE_S)

    def wait(self, number: int) -> None:
        """For so many answers more."""
        wanted = self.finished + number
        self._rig.until(lambda: self.finished >= wanted or not self._thread.is_alive())

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()


def said(error: Exception) -> str:
    """One line."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"


def rows_of(database: Path, sql: str) -> list[dict[str, Any]]:
    """Nothing where there is no store yet, or it cannot be read at this moment."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql)]
    except sqlite3.DatabaseError:
        return []
