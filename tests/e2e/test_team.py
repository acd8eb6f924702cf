"""Three proxies on one PostgreSQL and one Redis: nothing is lost, and a limit holds for all of them together."""

import asyncio
import itertools
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from addons.services.simulator.server import Simulator
from tests.e2e.harness import ROWS_S, Case, Way
from tests.e2e.team import Member
from tests.postgres_server import PostgresServer
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.e2e, pytest.mark.postgresql]

KIMI = "https://api.kimi.com/coding/v1/chat/completions"
NVIDIA = "https://integrate.api.nvidia.com/v1/chat/completions"
KEY = {"authorization": "Bearer sk-shared0123456789"}
REQUESTS = 90
"""A third of them through each proxy."""


@pytest.fixture(scope="module")
def members(
    tmp_path_factory: pytest.TempPathFactory, simulator: Simulator, postgres: PostgresServer
) -> Iterator[list[Member]]:
    """Started together on a database without tables."""
    folder = tmp_path_factory.mktemp("team")
    redis = RedisServer(folder)
    redis.start()
    with postgres.database() as url, ThreadPoolExecutor(3) as pool:
        found = [Member(folder / name, simulator, url, redis) for name in ("a", "b", "c")]
        try:
            list(pool.map(Member.start, found))
            yield found
        finally:
            list(pool.map(Member.stop, [member for member in found if member.process]))
            redis.stop()


async def ask(members: list[Member], url: str, count: int, name: str) -> list[int]:
    """The statuses of so many chats at once, in turn through each proxy."""
    clients = [httpx.AsyncClient(**Way(member, gateway=False).client_options()) for member in members]

    async def one(client: httpx.AsyncClient, index: int) -> int:
        messages = [{"role": "user", "content": f"{name} {index}: {'words ' * 20}"}]
        body = {"model": "kimi-for-coding", "messages": messages}
        return (await client.post(url, json=body, headers=KEY | {"X-Kimi-Project": f"p-{index % 2}"})).status_code

    try:
        return list(await asyncio.gather(*map(one, itertools.cycle(clients), range(count))))
    finally:
        for client in clients:
            await client.aclose()


def recorded(member: Member, wanted: int) -> int:
    """How many requests the store has, as soon as there are so many, or after the time."""
    deadline = time.monotonic() + ROWS_S
    while (found := len(member.completions())) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_all_requests_are_recorded_by_their_proxy_and_summed_once(
    members: list[Member], simulator: Simulator, postgres: PostgresServer
) -> None:
    case = Case(members[0], simulator)
    case.begin()
    assert asyncio.run(ask(members, KIMI, REQUESTS, "All")) == [200] * REQUESTS
    assert recorded(members[0], REQUESTS) == REQUESTS
    by_proxy = members[0].query("SELECT proxy_id, count(*) AS n FROM completions GROUP BY 1")
    assert [row["n"] for row in by_proxy] == [REQUESTS // 3] * 3
    assert {row["proxy_id"] for row in by_proxy} == {
        row["proxy_id"] for row in members[0].query("SELECT proxy_id FROM heartbeat")
    }
    (sums,) = members[0].query("SELECT sum(completions) AS n, sum(prompt_tokens) AS prompt FROM sessions")
    (hours,) = members[0].query("SELECT sum(completions) AS n, sum(prompt_tokens) AS prompt FROM rollup_hour")
    (rows,) = members[0].query("SELECT count(*) AS n, sum(prompt_tokens) AS prompt FROM completions")
    assert sums == hours == rows
    assert {row["project"] for row in members[0].query("SELECT project FROM completions")} == {"p-0", "p-1"}


def test_traffic_goes_on_without_the_store_and_is_recorded_later(
    members: list[Member], simulator: Simulator, postgres: PostgresServer
) -> None:
    before = len(members[0].completions())
    postgres.stop(signal.SIGINT)
    try:
        assert asyncio.run(ask(members, KIMI, 9, "Without the store")) == [200] * 9
    finally:
        postgres.start()
    assert recorded(members[0], before + 9) == before + 9


def test_a_limit_holds_for_all_of_them_together(members: list[Member], simulator: Simulator) -> None:
    case = Case(members[0], simulator)
    case.begin()
    statuses = asyncio.run(ask(members, NVIDIA, 36, "Together"))
    assert (
        members[0].query("SELECT message FROM events WHERE kind = 'failure' AND message LIKE ?", "%does not answer%")
        == []
    )
    assert sorted(set(statuses)) == [200, 413]
    assert statuses.count(200) == len(case.received(19)) == 19, "95 % of 20, of all three together"
