"""Stores to look at, and pages to look with."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from tests import filled

FRAME = Path(__file__).parents[2] / "dashboard" / "frame.py"
OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def forget_stores(own_places: Path) -> Iterator[None]:
    """Each test has its own store: no connection, and no answer, outlives it."""
    data.forget()
    yield
    data.forget()


@pytest.fixture
def empty_database(own_places: Path) -> Iterator[filled.Filler]:
    """The tables, and nothing in them."""
    filler = filled.empty(os.environ["KIMI_DATABASE_URL"], time.time_ns() // 1_000_000)
    yield filler
    filler.engine.dispose()


@pytest.fixture
def filled_database(own_places: Path) -> Iterator[filled.Filler]:
    """Twelve sessions, one of them with a hostile name, and a proxy that is alive."""
    filler = filled.fill(os.environ["KIMI_DATABASE_URL"], time.time_ns() // 1_000_000)
    yield filler
    filler.engine.dispose()


@pytest.fixture
def open_page() -> OpenPage:
    """Runs a page of views/ in the frame, with the address's parameters."""

    def run(file: str, **query: str) -> AppTest:
        page = AppTest.from_file(str(FRAME), default_timeout=30)
        page.switch_page(f"views/{file}")
        for name, value in query.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception, [problem.value for problem in page.exception]
        return page

    return run
