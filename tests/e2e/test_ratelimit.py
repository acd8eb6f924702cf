"""Requests wait for a provider's limits, as clients see it: the real proxy before the simulator."""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from addons.services.simulator.script import Answer, Rule
from addons.services.simulator.server import Simulator
from tests.e2e.harness import ROWS_S, Case, Product, Way

pytestmark = pytest.mark.e2e

SETTINGS = """
[pacing]
max_wait_s = 20
kimi_quota = true
[providers.nvidia.limits]
requests_per_minute = 60
[providers.moonshot.limits]
concurrency = 1
requests_per_minute = 1000
[providers.gemini.limits]
requests_per_minute = 1
"""
"""Two providers that learn nothing from the simulator's headers, and Gemini for its own forms."""

NVIDIA = "https://integrate.api.nvidia.com/v1"
MODEL = "moonshotai/kimi-k2.6"
"""Its limits are its own: NVIDIA counts by model."""
MOONSHOT = "https://api.moonshot.ai/v1"
GEMINI = "https://generativelanguage.googleapis.com/v1beta"


class Limited(Product):
    def unlimited(self) -> str:
        return SETTINGS


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Product]:
    product = Limited(tmp_path_factory.mktemp("limited"), simulator)
    product.start()
    yield product
    product.stop()


@pytest.fixture
def limited_case(limited: Product, simulator: Simulator) -> Case:
    case = Case(limited, simulator)
    case.begin()
    return case


def chat(session: str, number: int = 0, **fields: Any) -> dict[str, Any]:
    """The first request of a session, or one that goes on with it."""
    messages = [{"role": "user", "content": f"Session {session}, begin"}]
    for index in range(number):
        messages += [{"role": "assistant", "content": "Yes."}, {"role": "user", "content": f"Go on {index}"}]
    return {"model": MODEL, "messages": messages, "stream": True} | fields


def key(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer nvapi-{name}0123456789"}


async def at_once(product: Product, bodies: list[dict[str, Any]], url: str, name: str) -> list[httpx.Response]:
    options = Way(product, gateway=False).client_options()
    async with httpx.AsyncClient(**options, limits=httpx.Limits(max_connections=40)) as client:

        async def one(body: dict[str, Any]) -> httpx.Response:
            return await client.post(url, json=body, headers=key(name))

        return await asyncio.gather(*map(one, bodies))


def test_of_two_hundred_at_once_only_what_the_limit_allows_is_sent(limited: Product, limited_case: Case) -> None:
    before = limited.query("SELECT coalesce(max(id), 0) AS newest FROM events")[0]["newest"]
    bodies = [chat(f"s{index}") for index in range(200)]
    answers = asyncio.run(at_once(limited, bodies, f"{NVIDIA}/chat/completions", "many"))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 57, "95 % of 60"
    assert statuses.count(413) == 143
    assert len(limited_case.received(57)) == 57
    refused = next(answer for answer in answers if answer.status_code == 413)
    assert refused.headers["x-should-retry"] == "false"
    assert "60 requests a minute" in refused.json()["error"]["message"]
    rows = limited_case.rows(200)
    blocked = [row for row in rows if row["outcome"] == "blocked"]
    assert (len(blocked), {row["error_class"] for row in blocked}) == (143, {"rate"})
    events = limited.query("SELECT * FROM events WHERE kind = 'rate_limit' AND id > ?", before)
    assert [event["level"] for event in events] == ["warning"]
    (seen,) = limited.query("SELECT * FROM limits_seen WHERE provider = 'nvidia'")
    assert (seen["kind"], seen["basis"], seen["limit"]) == ("requests_per_minute", "counted", 60)


def test_autocomplete_gets_nothing_at_once_where_the_limit_is_reached(limited: Product, limited_case: Case) -> None:
    asyncio.run(at_once(limited, [chat(f"t{index}") for index in range(57)], f"{NVIDIA}/chat/completions", "full"))
    with Way(limited, gateway=False).client() as client:
        body = {"model": MODEL, "prompt": "def f(", "stream": True, "max_tokens": 20}
        client.post(f"{NVIDIA}/completions", json=body, headers=key("another"))  # opens the connection
        for stream in (True, False, True, False, True):
            answer = client.post(f"{NVIDIA}/completions", json=body | {"stream": stream}, headers=key("full"))
            assert answer.status_code == 200
            if stream:
                events = answer.text.split("\n\n")
                assert (json.loads(events[0][6:])["choices"][0]["text"], events[1]) == ("", "data: [DONE]")
            else:
                assert answer.json()["choices"][0]["text"] == ""
    blocked = [row for row in limited_case.rows(63) if row["outcome"] == "blocked"]
    assert [(row["kind"], row["status"]) for row in blocked] == [("autocomplete", 200)] * 5
    assert min(row["rate_wait_ms"] for row in blocked) < 50, "the others may have had to wait for the processor"


def test_gemini_is_refused_in_its_own_form(limited: Product, limited_case: Case) -> None:
    body = {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}
    url = f"{GEMINI}/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    with Way(limited, gateway=False).client() as client:
        answers = [client.post(url, json=body, headers={"x-goog-api-key": "AIza0123456789"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 413]
    error = answers[1].json()["error"]
    assert (error["code"], error["status"]) == (413, "INVALID_ARGUMENT")
    assert [row["outcome"] for row in limited_case.rows(2)] == ["ok", "blocked"]


def test_one_at_a_time_in_the_order_of_the_session(limited: Product, limited_case: Case) -> None:
    limited_case.simulator.script.add(Rule(answer=Answer(first_delay_s=1.0), host="api.moonshot.ai", times=None))

    async def play() -> None:
        options = Way(limited, gateway=False).client_options()
        async with httpx.AsyncClient(**options) as client:
            calls = []
            for number in range(4):
                body = chat("ordered", number, model="kimi-k2.6")
                calls.append(asyncio.ensure_future(client.post(f"{MOONSHOT}/chat/completions", json=body)))
                await asyncio.sleep(0.25)
            assert [answer.status_code for answer in await asyncio.gather(*calls)] == [200] * 4

    asyncio.run(play())
    received = limited_case.received(4)
    times = [request.at_s for request in received]
    assert all(later - earlier >= 0.9 for earlier, later in itertools.pairwise(times))
    rows = sorted(limited_case.rows(4), key=lambda row: row["started_at_ms"])
    came = [row["message_count"] for row in rows]
    assert [len(json.loads(request.body)["messages"]) for request in received] == came
    assert rows[-1]["rate_wait_ms"] > rows[0]["rate_wait_ms"]
    assert all(row["overhead_ms"] < row["rate_wait_ms"] for row in rows[2:])


def test_a_client_that_hangs_up_while_it_waits_leaves_its_place_at_once(limited: Product, limited_case: Case) -> None:
    """Two do: one whose answer the others wait for, which never comes, and then one of those."""
    limited_case.simulator.script.add(Rule(answer=Answer(first_delay_s=60), host="api.moonshot.ai", times=1))

    async def play() -> None:
        options = Way(limited, gateway=False).client_options()
        url = f"{MOONSHOT}/chat/completions"
        async with httpx.AsyncClient(**options) as one, httpx.AsyncClient(**options) as other:
            first = asyncio.ensure_future(one.post(url, json=chat("first", model="kimi-k2.6")))
            await asyncio.to_thread(limited_case.simulator.inbox.wait, 1)
            gone = asyncio.ensure_future(other.post(url, json=chat("gone", model="kimi-k2.6")))
            await until_waiting(limited, 1)
            last = asyncio.ensure_future(one.post(url, json=chat("last", model="kimi-k2.6")))
            waiting = await until_waiting(limited, 2)
            assert {each["provider"] for each in waiting} == {"moonshot"}
            gone.cancel()
            await until_waiting(limited, 1)
            first.cancel()
            assert (await last).status_code == 200

    asyncio.run(play())
    received = limited_case.simulator.inbox.all()
    assert [json.loads(request.body)["messages"][0]["content"] for request in received] == [
        "Session first, begin",
        "Session last, begin",
    ]
    outcomes = sorted(row["outcome"] for row in limited_case.rows(3))
    assert outcomes == ["client_abort", "client_abort", "ok"]


async def until_waiting(product: Product, count: int) -> list[dict[str, Any]]:
    """Who waits, as the heartbeat tells, as soon as there are just so many."""
    deadline = time.monotonic() + ROWS_S
    while True:
        (row,) = product.query("SELECT waiting FROM heartbeat")
        waiting: list[dict[str, Any]] = json.loads(row["waiting"])
        if len(waiting) == count:
            return waiting
        assert time.monotonic() < deadline, waiting
        await asyncio.sleep(0.05)


def test_a_refusal_is_waited_out_before_the_next_request(limited: Product, limited_case: Case) -> None:
    limited_case.simulator.script.add(Rule(answer=Answer(error="rate"), host="api.mistral.ai"))
    url = "https://api.mistral.ai/v1/chat/completions"
    body = chat("refused", model="mistral-small-latest")
    with Way(limited, gateway=False).client() as client:
        assert client.post(url, json=body).status_code == 429
        assert client.post(url, json=body).status_code == 200
    first, second = limited_case.received(2)
    assert second.at_s - first.at_s > 1.9, "a refusal that does not say how long: 2 s"
    assert limited_case.rows(2)[1]["rate_wait_ms"] > 0


def test_kimi_code_is_asked_for_its_quotas_once_with_the_key_that_passes(limited: Product, limited_case: Case) -> None:
    url = "https://api.kimi.com/coding/v1/chat/completions"
    with Way(limited, gateway=False).client() as client:
        for number in range(3):
            body = chat("quota", number, model="kimi-for-coding")
            assert client.post(url, json=body, headers=key("quota")).status_code == 200
    limited_case.rows(3)
    received = limited_case.received(4)
    (asked,) = [request for request in received if request.path.endswith("/usages")]
    assert (asked.method, asked.path) == ("GET", "/coding/v1/usages")
    assert asked.credential == received[0].credential
    deadline = time.monotonic() + ROWS_S
    while not (seen := limited.query("SELECT * FROM limits_seen WHERE provider = 'kimi-code' AND basis = 'reported'")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert {row["kind"]: row["limit"] for row in seen} == {"quota_week": 100, "quota_5_hours": 100}
