"""Several proxies that share a key count together: two real ones, and a real Redis."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from addons.services.simulator.server import Simulator
from tests.e2e.harness import ROWS_S, Case, Product, Row, Way
from tests.redis_server import RedisServer

pytestmark = pytest.mark.e2e

URL = "https://integrate.api.nvidia.com/v1/chat/completions"
KEY = {"authorization": "Bearer nvapi-shared0123456789"}


class Sharing(Product):
    def unlimited(self) -> str:
        return "[pacing]\nmax_wait_s = 5\n[providers.nvidia.limits]\nrequests_per_minute = 20\n"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def proxies(tmp_path: Path, simulator: Simulator, redis: RedisServer) -> Iterator[list[Product]]:
    found = [Sharing(tmp_path / name, simulator, {"KIMI_REDIS_URL": redis.url}) for name in ("one", "other")]
    try:
        for product in found:
            product.start()
        yield found
    finally:
        for product in found:
            if product.process:
                product.stop()


async def ask(proxies: list[Product], count: int, name: str) -> list[int]:
    """The statuses of so many chats at once, half of them through each proxy."""
    clients = [httpx.AsyncClient(**Way(product, gateway=False).client_options()) for product in proxies]

    async def one(client: httpx.AsyncClient, index: int) -> int:
        messages = [{"role": "user", "content": f"{name} {index}"}]
        return (await client.post(URL, json={"model": "m", "messages": messages}, headers=KEY)).status_code

    try:
        return list(await asyncio.gather(*map(one, itertools.cycle(clients), range(count))))
    finally:
        for client in clients:
            await client.aclose()


def test_together_they_keep_the_limit_and_without_redis_everything_passes(
    proxies: list[Product], simulator: Simulator, redis: RedisServer
) -> None:
    case = Case(proxies[0], simulator)
    case.begin()
    statuses = asyncio.run(ask(proxies, 60, "Together"))
    assert sorted(set(statuses)) == [200, 413]
    assert statuses.count(200) == len(case.received(19)) == 19, "95 % of 20, of both together"

    redis.stop()
    assert asyncio.run(ask(proxies, 10, "Without")) == [200] * 10
    for product in proxies:
        (event,) = told_failures(product)
        assert "does not answer" in event["message"]


def told_failures(product: Product) -> list[Row]:
    """As soon as there are some."""
    deadline = time.monotonic() + ROWS_S
    while True:
        found = product.query("SELECT message FROM events WHERE kind = 'failure'")
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)
