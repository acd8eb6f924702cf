"""What an IDE can do: hang up in every phase of a call, politely or by a reset.

Nothing of it disturbs others, what had begun is recorded as the client's own doing, and no connection stays behind.
"""

import json
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from addons.services.simulator.script import Answer, Rule
from tests.faults.rig import Rig
from tests.faults.upstream import recorded_as

SLOW_S = 30.0
SPARE_FILES = 4
"""Open files that may come and go besides: the store's, a connection kept for the next request."""
LIMITED = "[providers.nvidia.limits]\nrequests_per_minute = 1\n"


@contextmanager
def connection(rig: Rig) -> Iterator[socket.socket]:
    """To the gateway, which speaks plain HTTP; ended by a reset every other time."""
    rig.tally.requests += 1
    with socket.create_connection(("127.0.0.1", rig.product.ports.gateway), 20) as client:
        if rig.random.random() < 0.5:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        yield client


def request(
    rig: Rig, provider: str = "kimi-code", answer: Answer | None = None, model: str = ""
) -> tuple[str, bytes, bytes]:
    """Model, head and body of a request."""
    fields = rig.new_body()
    fields["model"] = model or fields["model"]
    if answer:
        rig.simulator.script.add(Rule(answer=answer, contains=f'"{fields["model"]}"'))
    body = json.dumps(fields, separators=(",", ":")).encode()
    head = f"POST /{provider}/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{rig.product.ports.gateway}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return str(fields["model"]), head.encode(), body


def in_the_head(rig: Rig, rounds: int) -> None:
    """Also before its first byte."""
    for number in range(rounds):
        _, head, _ = request(rig)
        with connection(rig) as client:
            client.sendall(head[: rig.random.randrange(1, len(head)) if number else 0])
    _settled(rig)


def in_the_body(rig: Rig, rounds: int) -> None:
    """Nothing reaches the provider."""
    for _ in range(rounds):
        _, head, body = request(rig)
        with connection(rig) as client:
            client.sendall(head + body[: rig.random.randrange(len(body))])
    _settled(rig)


def before_the_answer(rig: Rig, rounds: int) -> None:
    for _ in range(rounds):
        model, head, body = request(rig, answer=Answer(first_delay_s=SLOW_S))
        with connection(rig) as client:
            client.sendall(head + body)
            rig.simulator.inbox.wait(1)
        rig.simulator.inbox.clear()
        recorded_as(rig, model, "client_abort")
    _settled(rig)


def in_the_stream(rig: Rig, rounds: int) -> None:
    """After a random number of bytes; the provider is told."""
    for _ in range(rounds):
        model, head, body = request(rig, answer=Answer(text="word " * 500, chunk_chars=5, chunk_delay_s=0.02))
        with connection(rig) as client:
            client.sendall(head + body)
            left = rig.random.randrange(1, 2000)
            while left > 0 and (came := client.recv(256)):
                left -= len(came)
        recorded_as(rig, model, "client_abort")
        (received,) = rig.simulator.inbox.wait(1, ended=True)
        rig.must(not received.finished, "the provider went on after the client had hung up")
        rig.simulator.inbox.clear()
    _settled(rig)


def while_waiting_for_a_limit(rig: Rig, rounds: int) -> None:
    """It gives its place up, and nothing is sent for it."""
    settings = rig.product.home / "providers.toml"
    before = settings.read_text()
    settings.write_text(LIMITED)
    rig.must(rig.until(lambda: _settings_in_use(rig)), "the limit is not in use")
    for number in range(rounds + 1):
        _, head, body = request(rig, "nvidia", model="limited")
        with connection(rig) as client:
            client.sendall(head + body)
            if number:
                rig.must(rig.until(lambda: _waiting(rig)), "no request waits for the limit")
            else:
                while (came := client.recv(4096)) and b"[DONE]" not in came:
                    continue
        rig.must(rig.until(lambda: not _waiting(rig)), "a client that hung up still waits")
    rig.must(len(rig.simulator.inbox.all()) == 1, "a request of a client that hung up was sent")
    settings.write_text(before)
    rig.must(rig.until(lambda: _settings_in_use(rig, 2)), "the settings are not taken back")
    _settled(rig)


def _settings_in_use(rig: Rig, times: int = 1) -> bool:
    return len(rig.product.query("SELECT 1 FROM events WHERE kind = 'settings'")) >= times


def _waiting(rig: Rig) -> bool:
    (row, *_) = rig.product.query("SELECT waiting FROM heartbeat ORDER BY seen_at_ms DESC")
    return bool(json.loads(row["waiting"]))


def _settled(rig: Rig) -> None:
    """Everybody else is served, and all connections are closed."""
    rig.must_go_on()
    baseline = SPARE_FILES + 20
    files = _open_sockets(rig)
    rig.must(rig.until(lambda: _open_sockets(rig) <= baseline), f"{files} connections are still open")


def _open_sockets(rig: Rig) -> int:
    assert rig.product.process
    found = 0
    for entry in Path(f"/proc/{rig.product.process.pid}/fd").iterdir():
        try:
            found += os.readlink(entry).startswith("socket:")
        except OSError:
            continue  # closed since
    return found
