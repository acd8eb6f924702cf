"""A reading connection to what a test's `filler` has put into the store."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from db.engine import reader
from tests import filled


@pytest.fixture
def tx(filler: filled.Filler, url: str) -> Iterator[Connection]:
    engine = reader(url)
    with engine.connect() as tx:
        yield tx
    engine.dispose()
