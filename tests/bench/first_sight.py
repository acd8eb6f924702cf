"""A history of 100 000 tokens that the proxy has never seen: how long it waits, and how long others wait meanwhile."""

import json
import statistics
import threading
import time
from collections.abc import Iterator, Sequence

from addons.domain.tokens import TokenCounter
from tests.bench.conversations import Recorded
from tests.bench.proxies import PATH, Proxy
from tests.bench.table import Row, p

TOKENS = 100_000
ROUNDS = 8
AUTOCOMPLETE_PATH = "/coding/v1/completions"
AUTOCOMPLETE = b'{"model":"kimi-for-coding","prompt":"def add(a, b):\\n    return ","max_tokens":64,"stream":true}'


def histories(conversations: Sequence[Recorded], counter: TokenCounter, rounds: int) -> Iterator[list[str]]:
    """Each round's texts of TOKENS tokens; no message is the same in two of them."""
    texts = [text for one in conversations for message in one.messages if (text := message.get("content"))]
    for number in range(rounds):
        found, left = [], TOKENS
        for at in range(len(texts) * TOKENS):  # around again where the conversations are short
            text = f"{number}.{at}: {texts[at % len(texts)]}"
            found.append(text)
            left -= counter.count(text)
            if left <= 0:
                break
        yield found


def body_of(texts: Sequence[str]) -> bytes:
    roles = ("user", "assistant")
    messages = [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
    body = {"model": "kimi-for-coding", "messages": messages, "stream": True}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def rows(bare: Proxy, ours: Proxy, conversations: Sequence[Recorded], rounds: int = ROUNDS) -> list[Row]:
    """What we add to the time to first byte, beside tiktoken's own time; what another flow waits, beside one alone."""
    counter = TokenCounter()
    counter.load()
    clients = [bare.client(), ours.client()]
    quiet = autocompletes(ours, 1.0)
    added_ms, needed_ms, meanwhile = [], [], []
    for texts in histories(conversations, counter, rounds):
        body = body_of(texts)
        began_s = time.perf_counter()
        for text in texts:
            counter.count(text)
        needed_ms.append((time.perf_counter() - began_s) * 1000)
        plain = clients[0].post(PATH, body).ttfb_ms
        added_ms.append(clients[1].post(PATH, body).ttfb_ms - plain)
    for texts in histories(conversations, counter, rounds * 2):
        body = body_of(["again", *texts])
        meanwhile += autocompletes(ours, 0.0, while_doing=lambda body=body: clients[1].post(PATH, body))
    for client in clients:
        client.close()
    return [
        Row(
            "first sight of 100 K tokens, beside tiktoken",
            statistics.median(needed_ms),
            statistics.median(added_ms),
            "ms",
            1.30,
        ),
        Row("another flow meanwhile, p99", p(quiet, 0.99), p(meanwhile, 0.99), "ms", 20.0, difference=True),
    ]


def autocompletes(target: Proxy, for_s: float, while_doing: object = None) -> list[float]:
    """Times to first byte of one autocompletion after the other: for so long, and as long as `while_doing` takes."""
    client, taken = target.client(), []
    other = threading.Thread(target=while_doing) if callable(while_doing) else None
    client.post(AUTOCOMPLETE_PATH, AUTOCOMPLETE)  # the connection is made outside the measurement
    if other:
        other.start()
    until_s = time.monotonic() + for_s
    while time.monotonic() < until_s or (other and other.is_alive()):
        taken.append(client.post(AUTOCOMPLETE_PATH, AUTOCOMPLETE, 1).ttfb_ms)
    client.close()
    return taken
