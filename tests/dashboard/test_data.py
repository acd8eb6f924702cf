"""How much work the pages' questions are, counted, so that it is the same on every machine.

No question goes through all completions, and no page asks much: what a page of a thousand requests asks is what it
asks of a million.
"""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing

import pytest

from tests import filled
from tests.bench.asked import Drawn, draw

pytestmark = pytest.mark.usefixtures("filled_database")

STATEMENTS = 30
"""In one drawing; the most is on the page of the IDE's log, where each error is looked up among the requests."""
GROWING = ("completions", "decisions", "session_originals", "message_steps")
"""Tables that are not to be read from end to end: the others are sums, or short."""
FEW = ("ix_completions_logged", "ix_completions_routed", "ix_completions_failed")
"""Indexes that hold a few of a table's rows."""
EVERY = {"period": "all"}
PAGES: dict[str, tuple[str, Mapping[str, str]]] = {
    "session": ("session.py", {}),
    "turn": ("turn.py", {}),
    "sessions": ("sessions.py", EVERY),
    "requests": ("requests.py", EVERY),
    "requests by outcome": ("requests.py", EVERY | {"outcome": "error"}),
    "requests by provider": ("requests.py", EVERY | {"provider": "groq"}),
    "requests by model": ("requests.py", EVERY | {"model": "codestral-latest"}),
    "requests by project": ("requests.py", EVERY | {"project": "shop"}),
    "requests by proxy": ("requests.py", EVERY | {"proxy": "p-1"}),
    "requests by user": ("requests.py", EVERY | {"user": "ana"}),
    "requests by kind": ("requests.py", EVERY | {"kind": "compaction"}),
    "requests of a session": ("requests.py", EVERY | {"of": "s-0006"}),
    "usage": ("usage.py", EVERY),
    "savings": ("savings.py", EVERY),
    "savings of a period": ("savings.py", {"period": "7d"}),
    "savings of a session": ("savings.py", EVERY | {"of": "s-0006"}),
    "savings of a model": ("savings.py", EVERY | {"model": "codestral-latest"}),
    "memory": ("memory.py", EVERY),
    "memory of a model": ("memory.py", EVERY | {"model": "codestral-latest"}),
    "masked": ("masked.py", EVERY),
    "masked in a session": ("masked.py", EVERY | {"of": "s-0000"}),
    "compression": ("compression.py", EVERY),
    "IDE log": ("ide_log.py", EVERY),
    "limits": ("limits.py", {"period": "30d"}),
    "alerts": ("alerts.py", EVERY),
}


@pytest.fixture(params=list(PAGES.values()), ids=list(PAGES))
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return draw(*request.param)


def plan(statement: str, parameters: tuple[object, ...]) -> list[str]:
    path = os.environ["KIMI_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def test_a_page_asks_little_and_reads_no_growing_table_from_end_to_end(drawn: Drawn) -> None:
    assert drawn.statements <= STATEMENTS
    said = [each for asked in drawn.questions for each in asked.statements]
    plans = [(text, plan(text, parameters)) for text, parameters in said]
    scans = [(step, text) for text, steps in plans if not _ends_early(text, steps) for step in steps if _is_scan(step)]
    assert scans == []


def _is_scan(step: str) -> bool:
    return step.startswith("SCAN ") and step.split()[1] in GROWING and not any(few in step for few in FEW)


def _ends_early(text: str, steps: list[str]) -> bool:
    """Goes along an index, and no further than what is wanted of it."""
    return "LIMIT" in text and not any("TEMP B-TREE" in step for step in steps)


def test_more_sessions_are_not_more_statements(filled_database: filled.Filler) -> None:
    before = draw("savings.py", EVERY).statements
    for number in range(20, 26):
        filled_database.session(number, requests=4, age_ms=filled.HOUR_MS * number)
    filled_database.sums()
    assert draw("savings.py", EVERY).statements == before
