"""Pages over PostgreSQL say what they say over SQLite, to the last figure and cell, for the same rows."""

import math
import time
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from types import SimpleNamespace

import pytest
from google.protobuf.message import Message
from streamlit import dataframe_util
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from dashboard import data
from dashboard.pages import PAGES
from tests.browser import scene
from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.postgresql

OpenPage = Callable[..., AppTest]
NOW_MS = time.time_ns() // 1_000_000
QUERIES = {
    "session.py": {"session": "s-0008"},
    "compare.py": {"left": "s-0002", "right": "s-0003"},
    "requests.py": {"period": "all", "outcome": "error"},
    "turn.py": {"id": "58"},
    "memory.py": {"period": "all", "of": "s-0002"},
    "masked.py": {"period": "all", "of": "s-0002"},
}
"""What a page is asked for; all others are asked for everything."""
CLOSE = 1e-9
RANDOM = "uuid"
"""Of a table whose cells have a style: new each time it is drawn."""


@pytest.fixture(scope="module")
def stores(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The same rows in both, written by the same code."""
    with postgres.database() as other:
        urls = [f"sqlite:///{tmp_path_factory.mktemp('pages') / 'sessions.db'}", other]
        for url in urls:
            scene.stage(url, NOW_MS).engine.dispose()
        yield urls


def drawn(block: Block) -> Iterator[object]:
    """What the browser is sent of each element."""
    for child in block.children.values():
        proto = getattr(child, "proto", None)
        if isinstance(proto, Message):
            yield type(proto).__name__
            yield from sent(proto)
        if isinstance(child, Block):
            yield from drawn(child)


def sent(message: Message) -> Iterator[object]:
    """Each value in it; of a table its columns with their types and cells."""
    for field, value in message.ListFields():
        if field.name == RANDOM:
            continue
        if field.message_type and field.message_type.GetOptions().map_entry:
            yield field.name, sorted(map(str, value.items()))
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from sent(one)
            elif isinstance(one, bytes):
                frame = dataframe_util.convert_arrow_bytes_to_pandas_df(one)
                for name, cells in frame.items():
                    yield name, str(cells.dtype)
                    yield from cells
            else:
                yield field.name, one


def is_same(one: object, other: object) -> bool:
    """Sums of fractions depend on the order in which a server adds them up, in their sixteenth digit."""
    try:
        pair = float(one), float(other)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return repr(one) == repr(other)
    return math.isclose(*pair, rel_tol=CLOSE, abs_tol=CLOSE) or all(map(math.isnan, pair))


@pytest.mark.parametrize("file", [page.file for page in PAGES])
def test_a_page_is_the_same(
    stores: list[str], file: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, own_places: Path
) -> None:
    monkeypatch.setattr("dashboard.format.time", SimpleNamespace(time=lambda: NOW_MS / 1_000))
    pages = []
    for url in stores:
        data.forget()
        monkeypatch.setenv("KIMI_DATABASE_URL", url)
        pages.append(list(drawn(open_page(file, **QUERIES.get(file, {"period": "all"}))._tree)))
    one, other = pages
    assert len(one) > 15
    assert [(mine, theirs) for mine, theirs in zip_longest(one, other) if not is_same(mine, theirs)] == []
