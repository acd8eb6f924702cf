import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from addons.domain.compression.prompt import SYSTEM
from addons.services.simulator.player import Player
from addons.services.simulator.programme import Call
from addons.services.simulator.received import Received
from addons.services.simulator.script import Answer
from addons.services.simulator.server import Simulator


@pytest.fixture
def tunnel(simulator: Simulator) -> Iterator[str]:
    """The least a forward proxy can do: joins whoever asks to the simulator."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            while b"\r\n\r\n" not in client.recv(4096, socket.MSG_PEEK):
                continue
            client.recv(4096)
            upstream = socket.create_connection(("127.0.0.1", simulator.port))
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for source, sink in ((client, upstream), (upstream, client)):
                threading.Thread(target=copy, args=(source, sink), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other direction has ended first
        while data := source.recv(65536):
            sink.sendall(data)
    source.close()
    sink.close()


@pytest.fixture
def player(simulator: Simulator, tunnel: str) -> Iterator[Player]:
    trust: Path = simulator.authority
    with Player(
        simulator_port=simulator.port, simulator_trust=trust, proxy_url=tunnel, proxy_trust=trust
    ) as player:  # fmt: skip
        yield player


def call(answer: Answer, **fields: str) -> Call:
    body = msgspec.json.encode({"model": "kimi-for-coding", "stream": True, "messages": []})
    usual = {"host": "api.kimi.com", "path": "/coding/v1/chat/completions", "key": "demo-1"}
    return Call(body=body, answer=answer, **(usual | fields))


def test_it_sends_what_continue_sends_and_gets_the_answer_it_asked_for(simulator: Simulator, player: Player) -> None:
    assert player.send(call(Answer(text="Hello"), project="shop")) == 200
    (received,) = simulator.inbox.wait(1, ended=True)
    assert received.credential == "demo-1"
    assert received.header("user-agent") == "OpenAI/JS 5.23.2"
    assert received.header("x-kimi-project") == "shop"
    assert received.claim is not None
    assert received.claim.completion_tokens == 2


def test_an_error_is_a_status_and_a_broken_stream_is_none(player: Player) -> None:
    assert player.send(call(Answer(error="rate"))) == 429
    assert player.send(call(Answer(cut_at=50))) is None


def test_gemini_gets_the_key_in_its_own_header(simulator: Simulator, player: Player) -> None:
    native = {"host": "generativelanguage.googleapis.com", "path": "/v1beta/models/m:streamGenerateContent?alt=sse"}
    player.send(call(Answer(), **native))
    assert simulator.inbox.all()[0].header("x-goog-api-key") == "demo-1"


def test_a_summary_that_is_asked_for_takes_no_calls_answer(player: Player, simulator: Simulator) -> None:
    player.summaries("What happened so far.")
    asked = msgspec.json.encode({"messages": [{"role": "system", "content": SYSTEM}]})
    requests = [
        Received(seq=1, at_s=0, method="POST", host="api.kimi.com", path="/", headers=[], body=body)
        for body in (asked, asked, b"{}")
    ]
    chosen = [simulator.script.choose(request) for request in requests]
    assert [answer.text for answer in chosen[:2]] == ["What happened so far."] * 2
    assert chosen[2] == simulator.script.default
