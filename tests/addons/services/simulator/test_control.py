"""Another process steers and reads the simulator over the same port."""

from collections.abc import Callable

import httpx
import msgspec

from addons.services.simulator.received import Received
from addons.services.simulator.script import Answer, Rule
from addons.services.simulator.server import Simulator

Ask = Callable[..., httpx.Response]
HOST = {"host": "control.simulator"}


def test_rules_are_replaced_and_added(client: httpx.Client, ask: Ask) -> None:
    first, second = Rule(answer=Answer(text="first")), Rule(answer=Answer(text="second"))
    assert client.put("/rules", headers=HOST, content=msgspec.json.encode([first])).status_code == 204
    assert client.post("/rules", headers=HOST, content=msgspec.json.encode([second])).status_code == 204
    assert [ask().json()["choices"][0]["message"]["content"] for _ in range(2)] == ["first", "second"]
    client.post("/rules", headers=HOST, content=msgspec.json.encode([second]))
    client.put("/rules", headers=HOST, content=b"[]")
    assert "second" not in ask().text


def test_rules_that_cannot_be_read_are_refused_with_the_reason(client: httpx.Client) -> None:
    response = client.put("/rules", headers=HOST, content=b'[{"answer":{"text":5}}]')
    assert response.status_code == 400
    assert "Expected `str`, got `int` - at `$[0].answer.text`" in response.text


def test_what_was_received_can_be_read_and_thrown_away(client: httpx.Client, ask: Ask) -> None:
    ask(model="one")
    ask(model="two")
    rows = client.get("/received?since=0", headers=HOST).json()
    received = [Received.from_row(row) for row in rows]
    assert [request.json()["model"] for request in received] == ["one", "two"]
    assert len(client.get(f"/received?since={received[0].seq}", headers=HOST).json()) == 1
    client.delete("/received", headers=HOST)
    assert client.get("/received", headers=HOST).json() == []


def test_steering_is_not_recorded_as_a_request(simulator: Simulator, client: httpx.Client) -> None:
    assert client.get("/health", headers=HOST).json() == {"ok": True}
    assert simulator.inbox.all() == []


def test_an_unknown_path_names_the_known_ones(client: httpx.Client) -> None:
    assert client.get("/secrets", headers=HOST).text == (
        "GET /secrets is not known; expected /health, /received or /rules"
    )
