"""What is said of a store in each state."""

import os
from pathlib import Path

import pytest

from addons.domain import places
from addons.domain.errors import UserError
from db import engine, health, schema
from db.errors import StoreNotReady


@pytest.fixture
def url() -> str:
    url = places.database_url(os.environ)
    writer = engine.writer(url)
    schema.upgrade(writer)
    writer.dispose()
    return url


def test_a_usable_store_is_named_by_its_path(url: str) -> None:
    assert health.check(url) == url.removeprefix("sqlite:///")


def test_nothing_is_made_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreNotReady):
        health.check(f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()


def test_a_locked_store_is_one_that_cannot_be_written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_S", 0.1)
    writer = engine.writer(url)
    with writer.begin(), pytest.raises(UserError, match="cannot be written: database is locked"):
        health.check(url)
    writer.dispose()
