"""`./just bench --dashboard`: every page over a million completions in two thousand sessions.

The store is made first, in a minute or two; `--store` names one that is kept. See `asked`, `painted`.
"""

import os
import platform
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from db import schema
from db.engine import opened, writer
from tests.bench import asked, large_store, painted
from tests.bench.asked import Drawn
from tests.bench.painted import Painted

REFRESH_MS, FIRST_PAINT_S, RSS_MB, LIVE_CORES = 100, 1.5, 300, 1.0
"""Targets."""
TOLD_MS = 10
"""Of a page's questions, those that take longer have a line of their own."""
OVER_TIME = (
    "sessions",
    "requests",
    "usage",
    "savings",
    "memory",
    "masked",
    "compression",
    "ide_log",
    "limits",
    "alerts",
)
Address = Mapping[str, str]


def pages(live: str, largest: str) -> list[tuple[str, Address]]:
    """Each page as it opens, over all time, and with what is hardest to find."""
    every = {"period": "all"}
    return [
        ("session.py", {"session": live}),
        ("session.py", {"session": largest}),
        ("turn.py", {}),
        *((f"{page}.py", {}) for page in OVER_TIME),
        *((f"{page}.py", every) for page in OVER_TIME),
        ("sessions.py", every | {"q": "item 99"}),
        ("requests.py", every | {"outcome": "blocked"}),
        ("requests.py", every | {"provider": "gemini", "outcome": "error"}),
        ("requests.py", every | {"kind": "compression"}),
        ("requests.py", every | {"model": "gemini-2.5-pro", "project": "billing"}),
        ("requests.py", every | {"project": "no such project"}),
        ("requests.py", every | {"proxy": "p-1"}),
        ("requests.py", every | {"of": largest}),
        ("savings.py", every | {"of": largest}),
        ("savings.py", every | {"provider": "gemini"}),
        ("savings.py", every | {"model": "gemini-2.5-pro"}),
        ("usage.py", every | {"model": "gemini-2.5-pro"}),
        ("memory.py", every | {"model": "gemini-2.5-pro"}),
        ("memory.py", every | {"of": largest}),
        ("settings.py", {}),
        ("set_up.py", {}),
    ]


def run(rows: int, kept: Path | None, times: int, browser: bool) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = kept or folder / "sessions.db"
        if not path.exists():
            large_store.build(path, rows)
        os.environ["KIMI_DATABASE_URL"] = url = f"sqlite:///{path}"
        with opened(writer, url) as engine:
            schema.upgrade(engine)  # of a kept one
        live, largest, counted = _known(path)
        drawn = [asked.fastest(page, address, times) for page, address in pages(live, largest)]
        lines = [f"{counted}. {_machine()}", "", *_asked(drawn)]
        if browser:
            lines += ["", *_painted(painted.measure(url, folder, live, times))]
    return "\n".join(lines)


def _known(path: Path) -> tuple[str, str, str]:
    """The session seen last, the largest one, and how much there is."""
    with closing(sqlite3.connect(path)) as tx:
        (live,) = tx.execute("SELECT id FROM sessions ORDER BY last_seen_ms DESC LIMIT 1").fetchone()
        largest, most = tx.execute("SELECT id, completions FROM sessions ORDER BY completions DESC LIMIT 1").fetchone()
        sessions, rows = (
            tx.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in ("sessions", "completions")
        )
    size_mb = path.stat().st_size / 1e6
    return live, largest, f"{rows:,} completions in {sessions:,} sessions (the largest: {most:,}), {size_mb:,.0f} MB"


def _machine() -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"


def _asked(drawn: Sequence[Drawn]) -> Iterator[str]:
    yield "| page | asked with | CPU of its questions | statements | target | |"
    yield "|---|---|---:|---:|---:|---|"
    for each in drawn:
        words = ", ".join(f"{name} {value}" for name, value in each.address.items())
        yield _judged(f"{each.page.removesuffix('.py')} | {words}", f"{each.ms:.0f} ms | {each.statements}", each.ms,
                      REFRESH_MS, "ms")  # fmt: skip
    yield ""
    yield f"| question (over {TOLD_MS} ms) | page | CPU | rows |"
    yield "|---|---|---:|---:|"
    for each in drawn:
        for question in sorted(each.questions, key=lambda question: -question.ms):
            if question.ms > TOLD_MS:
                words = " ".join((each.page.removesuffix(".py"), *each.address.values()))
                yield f"| {question.name} | {words} | {question.ms:.0f} ms | {question.rows:,} |"


def _painted(found: Painted) -> Iterator[str]:
    yield "| in Chromium | | target | |"
    yield "|---|---:|---:|---|"
    yield f"| first page for the first browser | {found.cold_s:.1f} s | – | |"
    for visits, when in ((found.first, "first visit"), (found.again, "a later visit")):
        for page, shown_s in visits.pages_s.items():
            yield _judged(f"{page}, first figures, {when}", f"{shown_s:.1f} s", shown_s, FIRST_PAINT_S, "s")
        yield f"| of that, until Streamlit's frame is there, {when} | {visits.fixed_s:.1f} s | – | |"
    yield _judged("five live tabs, 5 rows/s", f"{found.live_cores:.2f} cores", found.live_cores, LIVE_CORES, "cores")
    yield _judged("memory of the server", f"{found.rss_mb:.0f} MB", found.rss_mb, RSS_MB, "MB")


def _judged(what: str, measured: str, found: float, target: float, unit: str) -> str:
    return f"| {what} | {measured} | ≤ {target:g} {unit} | {'met' if found <= target else 'missed'} |"
