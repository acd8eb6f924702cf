"""Who wrote to the store."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from db.queries import proxies
from tests import filled

NOW = 1_800_000_000_000


@pytest.fixture
def filler(url: str) -> Iterator[filled.Filler]:
    made = filled.empty(url, NOW)
    for place, proxy_id in enumerate(("p-00000001", "bo.b-00000002", "ana-00000003", "ana-00000004")):
        made.heartbeat(NOW + place, proxy_id=proxy_id)
    yield made
    made.engine.dispose()


def test_users_are_named_by_their_proxies_and_a_proxy_of_nobody_names_none(tx: Connection) -> None:
    assert proxies.users(tx) == ["ana", "bo.b"]


def test_the_writers_seen_last_come_first(tx: Connection) -> None:
    assert proxies.writers(tx, "", 3) == ["ana-00000004", "ana-00000003", "bo.b-00000002"]
    assert proxies.writers(tx, "ana", 9) == ["ana-00000004", "ana-00000003"]
    assert proxies.writers(tx, "an", 9) == []
