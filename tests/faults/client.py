"""What an IDE can do: hang up in every phase of a call, politely or by a reset.

Nothing of it disturbs others, what had begun is recorded as the client's own doing, and no connection stays behind.
"""

import json
import os
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from addons.services.simulator.script import Answer, Rule
from tests.faults.files import settings_in_use
from tests.faults.rig import KIMI, WRITTEN_S, Rig
from tests.faults.upstream import recorded_as

SLOW_S = 30.0
LAST_GAP_S = 1.5
"""Before the last event, in which both hang up: the client, and then the proxy at the provider."""
SPARE_FILES = 4
"""Open files that may come and go besides: the store's, a connection kept for the next request."""
GONE = ("client_abort", None, "transport")
LIMITED = "[providers.nvidia.limits]\nrequests_per_minute = 1\n"


@contextmanager
def connection(rig: Rig, to_proxy: bool = False) -> Iterator[socket.socket]:
    """To the gateway, which speaks plain HTTP; ended by a reset every other time."""
    rig.tally.requests += 1
    port = rig.product.ports.proxy if to_proxy else rig.product.ports.gateway
    with socket.create_connection(("127.0.0.1", port), WRITTEN_S) as client:
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


def when_connected(rig: Rig, rounds: int) -> None:
    """Without a byte, by either way in; there is nothing to record."""
    before = newest(rig)
    for number in range(rounds):
        with connection(rig, to_proxy=number % 2 == 0):
            pass
    _settled(rig, before)


def in_the_handshake(rig: Rig, rounds: int) -> None:
    """In the request for a tunnel, in the first flight of TLS, or after the handshake; there is nothing to record."""
    before = newest(rig)
    tunnel = f"CONNECT {KIMI.host}:443 HTTP/1.1\r\nHost: {KIMI.host}:443\r\n\r\n".encode()
    hello = client_hello(rig)
    for number in range(rounds):
        with connection(rig, to_proxy=True) as client:
            if number % 3 == 0:
                client.sendall(tunnel[: rig.random.randrange(1, len(tunnel))])
                continue
            client.sendall(tunnel)
            rig.must(b" 200 " in client.recv(4096), "no tunnel")
            if number % 3 == 1:
                client.sendall(hello[: rig.random.randrange(len(hello))])
            else:
                rig.product.context.wrap_socket(client, server_hostname=KIMI.host).close()
    _settled(rig, before)


def client_hello(rig: Rig) -> bytes:
    """The first bytes of a TLS connection."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        rig.product.context.wrap_bio(incoming, outgoing, server_hostname=KIMI.host).do_handshake()
    return outgoing.read()


def in_the_head(rig: Rig, rounds: int) -> None:
    """There is nothing to record: nobody knows what it would have become."""
    before = newest(rig)
    for _ in range(rounds):
        _, head, _ = request(rig)
        with connection(rig) as client:
            client.sendall(head[: rig.random.randrange(1, len(head))])
    _settled(rig, before)


def in_the_body(rig: Rig, rounds: int) -> None:
    """Nothing reaches the provider. A body that is not whole is not read, so its model is not known."""
    for _ in range(rounds):
        before = newest(rig)
        rig.simulator.inbox.clear()
        _, head, body = request(rig)
        with connection(rig) as client:
            client.sendall(head + body[: rig.random.randrange(len(body))])
        rig.until(lambda before=before: bool(since(rig, before)))  # type: ignore[misc]
        rig.must(since(rig, before) == [("", *GONE)], f"recorded as {since(rig, before)}")
        rig.must(not rig.simulator.inbox.all(), "a half request reached the provider")
    _settled(rig)


def before_the_answer(rig: Rig, rounds: int) -> None:
    for _ in range(rounds):
        model, head, body = request(rig, answer=Answer(first_delay_s=SLOW_S))
        with connection(rig) as client:
            client.sendall(head + body)
            rig.simulator.inbox.wait(1)
        rig.simulator.inbox.clear()
        recorded_as(rig, model, *GONE)
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
        recorded_as(rig, model, "client_abort", 200, "transport")
        (received,) = rig.simulator.inbox.wait(1, ended=True)
        rig.must(not received.finished, "the provider went on after the client had hung up")
        rig.simulator.inbox.clear()
    _settled(rig)


def before_the_last_event(rig: Rig, rounds: int) -> None:
    """The finish reason has come, `[DONE]` has not: the answer was whole, and so it is recorded."""
    for _ in range(rounds):
        model, head, body = request(rig, answer=Answer(text="Done.", chunk_delay_s=LAST_GAP_S))
        with connection(rig) as client:
            client.sendall(head + body)
            came = b""
            while b'"finish_reason":"stop"' not in came and (more := client.recv(4096)):
                came += more
            rig.must(b"[DONE]" not in came, "the whole answer was there already")
        recorded_as(rig, model, "ok", 200, "")
        (received,) = rig.simulator.inbox.wait(1, ended=True)
        rig.must(not received.finished, "the provider went on after the client had hung up")
        rig.simulator.inbox.clear()
    _settled(rig)


def newest(rig: Rig) -> int:
    """The latest row, when all that has ended is written."""
    rig.must_go_on()
    rig.until(lambda: set(rig.due) <= rig.recorded())
    return int(rig.product.query("SELECT max(id) AS id FROM completions")[0]["id"])


def since(rig: Rig, row: int) -> list[tuple[Any, ...]]:
    """What was recorded after that row."""
    found = rig.product.query("SELECT model, outcome, status, error_class FROM completions WHERE id > ?", row)
    return [tuple(each.values()) for each in found]


def while_waiting_for_a_limit(rig: Rig, rounds: int) -> None:
    """It gives its place up, and nothing is sent for it."""
    with settings_in_use(rig, LIMITED):
        before = newest(rig)
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
        sent = [each for each in rig.simulator.inbox.all() if b'"limited"' in each.body]
        rig.must(len(sent) == 1, "a request of a client that hung up was sent")
        expected = [("limited", "ok", 200, ""), *[("limited", *GONE)] * rounds]
        rig.until(lambda: len(since(rig, before)) > rounds)
        rig.must(since(rig, before) == expected, f"recorded as {since(rig, before)}")
        rig.must_alert("near:nvidia")
    _settled(rig)


def _waiting(rig: Rig) -> bool:
    (row, *_) = rig.product.query("SELECT waiting FROM heartbeat ORDER BY seen_at_ms DESC")
    return bool(json.loads(row["waiting"]))


def _settled(rig: Rig, unrecorded_since: int | None = None) -> None:
    """Everybody else is served, and all connections are closed; since that row nothing else was recorded."""
    rig.must_go_on()
    rig.until(lambda: set(rig.due) <= rig.recorded())
    if unrecorded_since is not None:
        strangers = [row for row in since(rig, unrecorded_since) if row[0] not in rig.due]
        rig.must(not strangers, f"recorded as {strangers}, expected nothing")
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
