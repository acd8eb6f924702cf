"""A process that sends small requests on connections it keeps, at a pace or as fast as they are answered.

The bodies are made before the clock starts, and an answer is only searched for its end: what is measured is the proxy.
Prints "ready", waits for a line, and prints one JSON object: `Sent`.
"""

import argparse
import asyncio
import json
import ssl
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from tests.bench.proxies import HOST, PATH
from tests.soak.load import prose

TURNS = 12
PATIENCE_S = 120.0
HEAD = (
    f"POST {PATH} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\nauthorization: Bearer sk-soak\r\n"
    "x-events: 1\r\ncontent-length: %d\r\n\r\n"
).encode()
LAST_CHUNK = b"\r\n0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Sent:
    answered: int
    took_s: float
    late_ms: list[float]
    """Of each answer: from when its request was due to its end."""


def small_bodies(random: Random, name: str) -> Iterator[bytes]:
    """A session of short questions and answers, 1 KB on average."""
    messages = [
        {"role": "system", "content": "You are a coding assistant."},
        {"role": "user", "content": f"In {name}: {prose(random, 10)}"},
    ]
    for _ in range(TURNS):
        fields = {"model": "kimi-for-coding", "messages": messages, "stream": True}
        yield json.dumps(fields, separators=(",", ":")).encode()
        messages += [
            {"role": "assistant", "content": prose(random, 8)},
            {"role": "user", "content": prose(random, 8)},
        ]


class Sender:
    """`rate`: requests a second, on all connections together; 0: the next one as soon as the last is answered."""

    def __init__(self, seed: int, requests: int, rate: float) -> None:
        random = Random(seed)
        sessions = range(-(-requests // TURNS))
        self._sessions = iter([list(small_bodies(random, f"process {seed} session {number}")) for number in sessions])
        self._requests, self._rate = requests, rate
        self._begun = 0
        self._started_s = 0.0
        self.late_ms: list[float] = []

    async def send(self, connections: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> Sent:
        self._started_s = time.monotonic()
        async with asyncio.timeout(PATIENCE_S + (self._requests / self._rate if self._rate else 0)):
            await asyncio.gather(*(self._play(*connection) for connection in connections))
        return Sent(len(self.late_ms), time.monotonic() - self._started_s, self.late_ms)

    async def _play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for session in self._sessions:
            for body in session:
                if self._begun >= self._requests:
                    return
                due_s = self._started_s + self._begun / self._rate if self._rate else time.monotonic()
                self._begun += 1
                await asyncio.sleep(max(0.0, due_s - time.monotonic()))
                writer.write(HEAD % len(body) + body)
                head = await reader.readuntil(b"\r\n\r\n")
                if not head.startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(f"the proxy answered {head[:200]!r}")
                await reader.readuntil(LAST_CHUNK)
                self.late_ms.append((time.monotonic() - due_s) * 1000)


async def connected(port: int, trusted: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """TLS through the proxy's tunnel."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nhost: {HOST}:443\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    await writer.start_tls(ssl.create_default_context(cafile=str(trusted)), server_hostname=HOST)
    return reader, writer


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("trusted", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    args = parser.parse_args()
    sender = Sender(args.seed, args.requests, args.rate)
    connections = [await connected(args.port, args.trusted) for _ in range(args.connections)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sent = await sender.send(connections)
    sys.stdout.write(f"{json.dumps(asdict(sent))}\n")
    for _, writer in connections:
        writer.close()


if __name__ == "__main__":
    asyncio.run(main())
