"""What a provider can do: not be there, break off at any byte, say nonsense, fall silent.

The client gets what it would get without us: every byte that came, and the end of the connection or a 502.
"""

import httpx

from addons.services.simulator.script import Answer, Rule
from addons.services.simulator.server import Simulator
from tests.e2e.harness import Way
from tests.faults.rig import Rig

TEXT = "word " * 60
STALL_S = 30.0
PATIENCE_S = 1.5
"""Of the client that meets a silent provider."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
BODIES = (
    *(b"", b"\r\n\r\n", b"\x00" * 64, b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/9.9 999 \xff\xfe\r\n\r\n"),
    *(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", HEAD + b"zz\r\nno chunk\r\n", HEAD + b"ffffffffffffffff\r\n"),
    HEAD + b"10\r\ndata: {broken\n\n\xff\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!",
)


def send(rig: Rig, answer: Answer, timeout_s: float = 20.0) -> tuple[str, bytes, int | None]:
    """The model of one request, what came of its answer's body, and the status, None where there was none."""
    body = rig.new_body()
    rig.simulator.script.add(Rule(answer=answer, contains=f'"{body["model"]}"'))
    way = Way(rig.product, gateway=rig.tally.requests % 2 == 0)
    rig.tally.requests += 1
    url = way.base_url("kimi-code", "api.kimi.com", "/coding/v1") + "/chat/completions"
    came, status = b"", None
    try:
        options = way.client_options() | {"timeout": timeout_s}
        with httpx.Client(**options) as client, client.stream("POST", url, json=body) as response:
            status = response.status_code
            for chunk in response.iter_raw():
                came += chunk
    except httpx.HTTPError:
        pass  # as it should be: the provider broke off, or the client lost patience
    return str(body["model"]), came, status


def recorded_as(rig: Rig, model: str, *outcomes: str) -> None:
    """That there is one row of that request, with one of these outcomes."""
    rows: list[str] = []

    def there() -> bool:
        rows[:] = [str(row["outcome"]) for row in rig.product.query(QUERY, model)]
        return bool(rows)

    rig.until(there)
    rig.must(len(rows) == 1, f"{len(rows)} rows of one request")
    rig.must(set(rows) <= set(outcomes), f"outcome {rows}, expected {' or '.join(outcomes)}")


QUERY = "SELECT outcome FROM completions WHERE model = ?"


def refuses(rig: Rig, rounds: int) -> None:
    """Nobody listens there; a moment later somebody does again."""
    port = rig.simulator.port
    for _ in range(rounds):
        rig.simulator.stop()
        model, _, status = send(rig, Answer())
        rig.must(status == httpx.codes.BAD_GATEWAY, f"the client got {status}, expected 502")
        recorded_as(rig, model, "upstream_abort")
        rig.simulator = Simulator(rig.folder / "simulator", port=port).__enter__()
        rig.must_go_on()


def resets(rig: Rig, rounds: int) -> None:
    for _ in range(rounds):
        model, _, status = send(rig, Answer(reset=True))
        rig.must(status == httpx.codes.BAD_GATEWAY, f"the client got {status}, expected 502")
        recorded_as(rig, model, "upstream_abort")
    rig.must_go_on()


def stalls(rig: Rig, rounds: int) -> None:
    """Before its first byte, or in the middle: until the client has had enough."""
    for number in range(rounds):
        silent = Answer(first_delay_s=STALL_S) if number % 2 else Answer(text=TEXT, chunk_delay_s=STALL_S)
        model, came, _ = send(rig, silent, PATIENCE_S)
        rig.must(bool(came) != bool(number % 2), f"{len(came)} bytes came before the silence")
        recorded_as(rig, model, "client_abort")
    rig.must_go_on()


def says_nonsense(rig: Rig, rounds: int) -> None:
    for number in range(rounds):
        garbage = BODIES[number % len(BODIES)] or rig.random.randbytes(200)
        model, _, _ = send(rig, Answer(garbage=garbage))
        recorded_as(rig, model, "upstream_abort", "error", "ok")
    rig.must_go_on()


def cuts_streams(rig: Rig, rounds: int) -> None:
    """At a random byte; the client has every byte before it, and no other."""
    whole = send(rig, Answer(text=TEXT))[1]
    for number in range(rounds):
        at = rig.random.randrange(1, len(whole) - 200)
        model, came, _ = send(rig, Answer(text=TEXT, cut_at=at, write_bytes=number % 5 or None))
        rig.must(len(came) == at, f"cut after {at} bytes, {len(came)} came")
        recorded_as(rig, model, "upstream_abort")
    rig.must_go_on()


def cuts_heads(rig: Rig, rounds: int) -> None:
    """At a random byte of the answer's head, or of its first chunk."""
    start = HEAD + b"20\r\ndata: "
    for _ in range(rounds):
        model, came, _ = send(rig, Answer(garbage=start[: rig.random.randrange(1, len(start))]))
        rig.must(b"[DONE]" not in came, "an answer without an end was ended")
        recorded_as(rig, model, "upstream_abort")
    rig.must_go_on()
