"""The counters in a real Redis."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from addons.domain.errors import UserError
from addons.domain.pacing.limit import LimitKind
from addons.domain.pacing.windows import window
from addons.domain.places import ROOT
from addons.services.pacing.counters import Bucket, Counters, Unavailable, in_redis
from addons.services.pacing.shared import open_redis
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


def bucket(key: str, limit: int, kind: LimitKind = LimitKind.REQUESTS_PER_MINUTE, most: int | None = None) -> Bucket:
    counted = window(kind, limit, 1.0, most)
    assert counted
    return Bucket.of(key, counted)


async def closing(*opened: Counters) -> None:
    for each in opened:
        await each.close()


def test_two_proxies_know_an_account_by_the_same_name_which_is_not_its_key(redis: RedisServer) -> None:
    async def play() -> None:
        one, other = in_redis(redis.url), in_redis(redis.url)
        assert await one.account("sk-1") == await other.account("sk-1")
        assert await one.account("sk-1") != await one.account("sk-2")
        assert "sk-1" not in await one.account("sk-1")
        await closing(one, other)

    asyncio.run(play())


def test_together_they_never_take_more_than_the_limit(redis: RedisServer) -> None:
    async def play() -> None:
        proxies = [in_redis(redis.url) for _ in range(3)]
        wanted = [(bucket("together", 10), 1), (bucket("together", 1000, LimitKind.TOKENS_PER_MINUTE, 100), 9)]
        takings = await asyncio.gather(*(proxies[index % 3].take(wanted) for index in range(60)))
        assert sum(taking.full is None for taking in takings) == 10
        (level, _) = await proxies[0].levels([bucket for bucket, _ in wanted])
        assert level.taken == 10
        await closing(*proxies)

    asyncio.run(play())


def test_a_limit_that_changes_keeps_what_was_counted(redis: RedisServer) -> None:
    async def play() -> None:
        one = in_redis(redis.url)
        for _ in range(5):
            assert (await one.take([(bucket("changing", 5), 1)])).full is None
        assert (await one.take([(bucket("changing", 6), 1)])).full is None
        assert (await one.take([(bucket("changing", 6), 1)])).full is not None
        await closing(one)

    asyncio.run(play())


def test_places_are_shared_and_given_back(redis: RedisServer) -> None:
    async def play() -> None:
        one, other = in_redis(redis.url), in_redis(redis.url)
        assert await one.enter("slots", "a", 2)
        assert await other.enter("slots", "b", 2)
        assert not await one.enter("slots", "c", 2)
        await other.leave("slots", "b")
        assert await one.enter("slots", "c", 2)
        await closing(one)
        assert await other.enter("slots", "d", 2), "a proxy that ends gives its places back"
        assert await other.enter("slots", "e", 2)
        await closing(other)

    asyncio.run(play())


def test_without_a_server_the_storage_is_unavailable(redis: RedisServer) -> None:
    async def play() -> None:
        nobody = in_redis("redis://127.0.0.1:1/0")
        with pytest.raises(Unavailable):
            await nobody.account("sk-1")
        with pytest.raises(Unavailable):
            await nobody.levels([bucket("k", 1)])
        with pytest.raises(Unavailable):
            await nobody.enter("k", "a", 1)

    asyncio.run(play())


WITHOUT_CLIENT = """
import sys
sys.modules["redis"] = None
from addons.domain.errors import UserError
from addons.services.pacing.counters import counters
try:
    counters("redis://127.0.0.1:6379/0")
except UserError as error:
    sys.exit(str(error))
"""


def test_without_the_client_the_person_is_told_how_to_get_it() -> None:
    """In a process of its own: the library remembers what it did not find."""
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_CLIENT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr.strip()) == (
        1,
        "[pacing] storage is in Redis, and its client is not installed; .venv/bin/pip install 'redis>=5.2'",
    )


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(UserError, match=r"expected redis://host:port/0"):
        open_redis("redis://127.0.0.1:notaport/0")
