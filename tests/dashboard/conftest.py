"""Stores to look at, and pages to look with."""

import functools
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from addons.domain.errors import UserError
from dashboard import data
from dashboard.components import command, figures_first
from db import managing
from db.inbox import Inbox
from tests import filled

FRAME = Path(__file__).parents[2] / "dashboard" / "frame.py"
FRESH_MS = 55_000
"""Less than tests put other proxies' signs ahead, which are to be the latest."""
OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def components() -> Iterator[None]:
    """Streamlit looks through the files of all installed packages for components with each AppTest, as a server does
    once: that takes longer than drawing the page.
    """
    with pytest.MonkeyPatch.context() as patch:
        found = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


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
    filler = filled.fill(os.environ["KIMI_DATABASE_URL"], time.time_ns() // 1_000_000, FRESH_MS)
    yield filler
    filler.engine.dispose()


@pytest.fixture
def open_page() -> OpenPage:
    """Runs a page of views/ in the frame, with the address's parameters, in a tab that has shown one before."""

    def run(file: str, **query: str) -> AppTest:
        page = AppTest.from_file(str(FRAME), default_timeout=120)
        page.session_state[figures_first.KEY] = True
        page.switch_page(f"views/{file}")
        for name, value in query.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception, [problem.value for problem in page.exception]
        return page

    return run


@dataclass(slots=True)
class Proxy:
    """What a proxy does with settings and commands, and what it was asked for."""

    store: filled.Filler
    settings: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    refuses: str = ""
    """The reason why it does nothing of all that."""

    def use(self, values: Mapping[str, object]) -> Mapping[str, str]:
        self.settings |= values
        return dict.fromkeys(values, self.refuses) if self.refuses else {}

    def carry_out(self, kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append((kind, payload))
        if self.refuses:
            raise UserError(self.refuses)
        carry_out = managing.HANDLERS.get(kind)
        return carry_out(self.store.engine, payload) if carry_out else {}


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait for a proxy's answer for as long as a busy machine may need for it."""
    monkeypatch.setattr(command, "WAIT_S", 60.0)


@pytest.fixture
def proxy(filled_database: filled.Filler, patient: None) -> Iterator[Proxy]:
    """The inbox of a proxy over the filled store; what it is asked for is carried out in the store."""
    made = Proxy(filled_database)
    filled_database.stop_proxies()
    filled_database.heartbeat(time.time_ns() // 1_000_000 + 600_000, proxy_id="p-2")
    inbox = Inbox(os.environ["KIMI_DATABASE_URL"], on_settings=made.use, on_command=made.carry_out, proxy_id="p-2")
    inbox.start()
    yield made
    inbox.close()
