"""How long the store needs for what a page asks: each page drawn with no answer kept, each question timed.

Processor time of the asking thread counts, in which SQLite does its work, and the fastest of a few drawings: the
machine may have other work. What was asked of the store is also counted in statements, the same on every machine.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, event
from streamlit.testing.v1 import AppTest

from addons.domain.places import ROOT
from dashboard.components import figures_first
from dashboard.data import asking

FRAME = ROOT / "dashboard" / "frame.py"
TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a page, as it was answered once."""

    name: str
    ms: float
    """Processor time."""
    rows: int
    """In the answer; 1 for anything that is no list."""
    statements: tuple[tuple[str, Any], ...]
    """SQL and its parameters."""


@dataclass(slots=True)
class Drawn:
    """What a page asked while it was drawn once."""

    page: str
    address: Mapping[str, str]
    questions: list[Asked] = field(default_factory=list)

    @property
    def ms(self) -> float:
        return sum(asked.ms for asked in self.questions)

    @property
    def statements(self) -> int:
        return sum(len(asked.statements) for asked in self.questions)


class _Timed:
    """In the place of the cached answers."""

    def __init__(self, drawn: Drawn) -> None:
        self._drawn = drawn
        self._known: dict[str, Any] = {}

    def __call__(self, name: str, url: str, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        key = repr((name, args, named))
        if key not in self._known:  # the same question in one drawing has one answer, as with the cache
            self._known[key] = self._ask(name, url, args, named)
        return self._known[key]

    def _ask(self, name: str, url: str, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        said: list[tuple[str, Any]] = []
        with asking.reading_engine(url).connect() as tx, _heard(tx, said):
            begin_s = time.thread_time()
            found = asking._questions[name](tx, *args, **named)
            took_ms = 1_000 * (time.thread_time() - begin_s)
        rows = len(found) if isinstance(found, list | dict) else 1
        self._drawn.questions.append(Asked(name.removeprefix("db.queries."), took_ms, rows, tuple(said)))
        return found

    def clear(self) -> None:
        self._known.clear()


@contextmanager
def _heard(tx: Connection, said: list[tuple[str, Any]]) -> Iterator[None]:
    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.append((statement, parameters))

    event.listen(tx, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(tx, "before_cursor_execute", hear)


def draw(page: str, address: Mapping[str, str]) -> Drawn:
    """Of a page in views/, with the parameters of its address.

    :raises AssertionError: if the page failed.
    """
    drawn = Drawn(page, address)
    look = AppTest.from_file(str(FRAME), default_timeout=TIMEOUT_S)
    look.session_state[figures_first.KEY] = True  # a new tab asks the same, in two steps
    look.switch_page(f"views/{page}")
    for name, value in address.items():
        look.query_params[name] = value
    with patch.object(asking, "_answer", _Timed(drawn)):
        look.run()
    assert not look.exception, [problem.value for problem in look.exception]
    return drawn


def fastest(page: str, address: Mapping[str, str], times: int) -> Drawn:
    return min((draw(page, address) for _ in range(times)), key=lambda drawn: drawn.ms)
