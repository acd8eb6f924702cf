"""The load: clients that play one coding session after the other, each request with its whole history."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.bench.proxies import PATH, Proxy

TURNS = 12
WORDS = ("parser", "ledger", "amount", "strict", "token", "retry", "buffer", "index", "window", "cursor", "socket")
SYSTEM: dict[str, object] = {
    "role": "system",
    "content": "You are a coding assistant. " + "Use the tools, answer briefly. " * 20,
}


@dataclass(slots=True)
class Load:
    """Until so many requests are answered, or so long; `end` stops it earlier."""

    proxy: Proxy
    requests: int
    seconds: float
    events: int
    gap_s: float
    answered: int = 0
    failed: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _begun: int = 0
    _until_s: float = 0.0

    def start(self, concurrency: int) -> None:
        self._until_s = time.monotonic() + self.seconds
        self._threads = [threading.Thread(target=self._play, args=(seed,)) for seed in range(concurrency)]
        for thread in self._threads:
            thread.start()

    def is_over(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def end(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _next(self) -> bool:
        with self._lock:
            self._begun += 1
            return self._begun <= self.requests and time.monotonic() < self._until_s and not self._stopping.is_set()

    def _play(self, seed: int) -> None:
        """A session on a connection of its own, as long as there is something to do."""
        random, session = Random(seed), 0
        while not self._stopping.is_set():
            session += 1
            try:
                client = self.proxy.client()
                for body in session_bodies(random, f"worker {seed} session {session}"):
                    if not self._next():
                        return
                    client.post(PATH, body, self.events, self.gap_s)
                    with self._lock:
                        self.answered += 1
            except (OSError, RuntimeError) as error:
                self.failed.append(f"{type(error).__name__}: {error}")
                return
            finally:
                client.close()


def session_bodies(random: Random, name: str) -> Iterator[bytes]:
    """Of each turn: a question, a call of a tool, and its output of up to 8 KB, which is masked when it is stale."""
    messages: list[dict[str, object]] = [SYSTEM, {"role": "user", "content": f"In {name}: {prose(random, 40)}"}]
    for turn in range(TURNS):
        fields = {"model": "kimi-for-coding", "messages": messages, "stream": True}
        yield json.dumps(fields, separators=(",", ":")).encode()
        call = {"id": f"call_{turn}", "type": "function", "function": {"name": "read_file", "arguments": "{}"}}
        messages += [
            {"role": "assistant", "content": prose(random, 20), "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"call_{turn}", "content": prose(random, random.randrange(20, 1200))},
            {"role": "assistant", "content": prose(random, 30)},
            {"role": "user", "content": prose(random, 25)},
        ]


def prose(random: Random, words: int) -> str:
    return " ".join(f"{random.choice(WORDS)}{random.randrange(10_000)}" for _ in range(words))
