"""One simulator for these tests, emptied between them, and a client that asks it directly."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from addons.services.simulator.server import Simulator

Ask = Callable[..., httpx.Response]

CHAT = {
    "api.kimi.com": "/coding/v1/chat/completions",
    "api.groq.com": "/openai/v1/chat/completions",
    "openrouter.ai": "/api/v1/chat/completions",
    "generativelanguage.googleapis.com": "/v1beta/openai/chat/completions",
}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.inbox.clear()
    running.script.replace(())
    return running


@pytest.fixture
def client(simulator: Simulator) -> Iterator[httpx.Client]:
    context = ssl.create_default_context(cafile=str(simulator.authority))
    with httpx.Client(verify=context, base_url=f"https://127.0.0.1:{simulator.port}", trust_env=False) as client:
        yield client


@pytest.fixture
def ask(client: httpx.Client) -> Ask:
    """Posts a chat request to a provider's host; keyword arguments are fields of its body."""

    def post(host: str = "api.kimi.com", path: str = "", key: str = "sk-test", **body: Any) -> httpx.Response:
        usual = {"model": "a-model", "messages": [{"role": "user", "content": "Hello"}]}
        headers = {"host": host, "authorization": f"Bearer {key}", "accept-encoding": "identity"}
        return client.post(path or CHAT.get(host, "/v1/chat/completions"), headers=headers, json=usual | body)

    return post


@pytest.fixture
def record_file(tmp_path: Path) -> Path:
    return tmp_path / "received.jsonl"
