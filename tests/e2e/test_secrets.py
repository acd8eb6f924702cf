"""Keys in every position of the traffic, and none of them in any byte that the product left behind."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from addons.domain import places
from addons.services.simulator.script import Answer
from addons.services.simulator.server import Simulator
from db import content
from tests.e2e.harness import Product, Way

pytestmark = pytest.mark.e2e

LONG = "The build has printed a line that nobody needs to read twice.\n" * 400


class Keys:
    """A new key for each position, so that a leak names the position."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def __call__(self, position: str, form: str = "sk-kimi-{}") -> str:
        mark = f"{len(self.made):02d}Zq7Xw93Lm5Tk8"
        self.made[position] = mark
        return form.format(f"{mark}vB4nR6")


@pytest.fixture
def own(tmp_path: Path, simulator: Simulator) -> Iterator[Product]:
    simulator.inbox.clear()
    simulator.script.replace(())
    core_log = tmp_path / "continue" / "logs" / "core.log"
    core_log.parent.mkdir(parents=True)
    core_log.touch()
    product = Product(tmp_path, simulator)
    product.start()
    yield product
    product.stop(signal.SIGKILL)


class Sender:
    """Requests and answers that carry a key wherever one has been seen, and where somebody could put one."""

    def __init__(self, client: httpx.Client, way: Way, keys: Keys) -> None:
        self.client, self.way, self.keys = client, way, keys
        self.named = "gateway" if way.gateway else "proxy"
        self.script = way.product.simulator.script
        self.url = way.base_url("kimi-code", "api.kimi.com", "/coding/v1") + "/chat/completions"

    def key(self, position: str, form: str = "sk-kimi-{}") -> str:
        return self.keys(f"{self.named} {position}", form)

    def ask(self, text: str, *more: dict[str, object], query: str = "", **headers: str) -> None:
        body = {"model": "kimi-for-coding", "stream": True, "messages": [{"role": "user", "content": text}, *more]}
        self.client.post(self.url + query, json=body, headers=headers)

    def headers(self) -> None:
        self.ask("Hello", Authorization=f"Bearer {self.key('authorization')}")
        self.ask("Hello, cookie", Cookie=f"session={self.key('cookie')}", **{"x-api-key": self.key("x-api-key")})
        self.ask("Hello, proxy", **{"Proxy-Authorization": f"Basic {self.key('proxy authorization', '{}')}"})
        self.ask("Hello, project", **{"X-Kimi-Project": f"shop {self.key('project')}"})
        self.ask("Hello, URL", query=f"?api_key={self.key('URL', '{}')}")
        gemini = self.way.base_url("gemini", "generativelanguage.googleapis.com", "/v1beta")
        self.client.post(
            f"{gemini}/models/gemini-2.5-flash:generateContent?key={self.key('Gemini URL', 'AIzaSy{}')}",
            json={"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]},
        )

    def bodies(self) -> None:
        self.ask(f"My key is {self.key('first words')}, use it")
        function = {"name": "run", "arguments": f'{{"key": "{self.key("call")}"}}'}
        self.ask(
            f"Run it {self.named}",
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c1", "type": "function", "function": function}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": f"{LONG}token={self.key('tool result')}\n{LONG}"},
        )
        self.client.post(self.url, json={"messages": [], "model": self.key("model")})
        self.client.post(self.url, content=f"not JSON {self.key('garbage')}".encode())

    def answers(self) -> None:
        echoed = self.key("echoed error")
        error = f'{{"error":{{"message":"Incorrect API key provided: {echoed}","code":"invalid_api_key"}}}}'
        self.script.answer(Answer(status=401, body=error.encode()))
        self.ask("Hello, error", Authorization=f"Bearer {echoed}")
        headers = {"set-cookie": f"s={self.key('set-cookie')}", "x-request-id": self.key("trace")}
        self.script.answer(Answer(headers=headers))
        self.ask("Hello, answer")
        self.script.answer(Answer(text=f"Your key is {self.key('answer')}"))
        self.ask("Hello, text")


def write_log(product: Product, keys: Keys) -> None:
    core_log = product.folder / "continue" / "logs" / "core.log"
    with core_log.open("a") as log:
        log.write(f'[2026-11-22T10:00:00] [error] HTTP 401 {{"message":"bad key {keys("IDE log")}"}}\n')
        log.write(f"[2026-11-22T10:00:01] Error: Authorization: Bearer {keys('IDE log header')}\n")


def test_no_key_is_left_anywhere(own: Product) -> None:
    keys = Keys()
    write_log(own, keys)
    for gateway in (False, True):
        way = Way(own, gateway=gateway)
        with way.client() as client:
            sender = Sender(client, way, keys)
            sender.headers()
            sender.bodies()
            sender.answers()
    own.stop()
    exports = [
        subprocess.run(
            [sys.executable, "-m", "addons.cli", *command],
            cwd=places.ROOT,
            env=own.environ,
            capture_output=True,
            check=True,
        ).stdout
        for command in (("export", "--format", "csv"), ("export", "--format", "json"), ("sessions",))
    ]
    assert all(len(text) > 200 for text in exports)
    found = {str(file): file.read_bytes() for file in files(own)}
    found |= {f"export {number}": text for number, text in enumerate(exports)}
    found |= {f"original {number}": text for number, text in enumerate(originals(own.database))}
    leaks = [
        (position, place)
        for position, mark in keys.made.items()
        for place, text in found.items()
        if mark.encode() in text
    ]
    assert not leaks, sorted({position for position, _ in leaks})


def files(product: Product) -> Iterator[Path]:
    """All that it wrote; the IDE's log is not its own."""
    for file in product.folder.rglob("*"):
        if file.is_file() and file.name != "core.log":
            yield file


def originals(database: Path) -> Iterator[bytes]:
    """They are stored compressed."""
    with closing(sqlite3.connect(database)) as connection:
        for (packed,) in connection.execute("SELECT packed FROM originals"):
            yield content.unpack(packed).encode()
