"""What a provider can do: not be there, break off at any byte, fall silent.

The client gets what it would get without us: every byte that came, and the end of the connection or a 502. Each fault
has a provider of its own, so that the alert about its failures is known to be this fault's.
"""

from dataclasses import dataclass
from typing import Any

import httpx

from addons.services.simulator.script import Answer, Rule
from addons.services.simulator.server import Simulator
from tests.e2e.harness import Way
from tests.faults.rig import KIMI, WRITTEN_S, Place, Rig

MOONSHOT = Place("moonshot", "api.moonshot.ai", "/v1")
CEREBRAS = Place("cerebras", "api.cerebras.ai", "/v1")
OPENROUTER = Place("openrouter", "openrouter.ai", "/api/v1")
MISTRAL = Place("mistral", "api.mistral.ai", "/v1")

TEXT = "word " * 60
STALL_S = 30.0
PATIENCE_S = 4.0
"""Of the client that meets a silent provider; one that talks begins within it, on a busy machine, too."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Came:
    """What the client got of one answer."""

    model: str
    """Of the request."""
    body: bytes
    status: int | None
    """None where there was none."""
    whole: bool
    """False where the connection broke off, or the client lost patience."""


def send(
    rig: Rig,
    answer: Answer,
    *,
    place: Place = KIMI,
    timeout_s: float = WRITTEN_S,
    gateway: bool | None = None,
    **fields: Any,
) -> Came:
    """One request, by one way in and the other in turn unless `gateway` says which; `fields` of its body."""
    body = rig.new_body() | fields
    rig.simulator.script.add(Rule(answer=answer, contains=f'"{body["model"]}"'))
    way = Way(rig.product, gateway=rig.tally.requests % 2 == 0 if gateway is None else gateway)
    rig.tally.requests += 1
    came, status, whole = b"", None, False
    try:
        options = way.client_options() | {"timeout": httpx.Timeout(WRITTEN_S, read=timeout_s)}
        with httpx.Client(**options) as client, client.stream("POST", place.url(way), json=body) as response:
            status = response.status_code
            for chunk in response.iter_raw():
                came += chunk
            whole = True
    except httpx.HTTPError:
        pass  # as it should be: the provider broke off, or the client lost patience
    return Came(str(body["model"]), came, status, whole)


def recorded_as(rig: Rig, model: str, *expected: str | int | None) -> None:
    """That there is one row of that request, with this outcome, status and class of error, as far as they are named."""
    columns = ", ".join(("outcome", "status", "error_class")[: len(expected)])
    rows: list[tuple[Any, ...]] = []

    def there() -> bool:
        found = rig.product.query(f"SELECT {columns} FROM completions WHERE model = ?", model)
        rows[:] = [tuple(row.values()) for row in found]
        return bool(rows)

    rig.until(there)
    rig.must(rows == [expected], f"recorded as {rows}, expected {expected}")


ABORTED = ("upstream_abort", None, "transport")
CUT = ("upstream_abort", 200, "transport")


def refuses(rig: Rig, rounds: int) -> None:
    """Nobody listens there; a moment later somebody does again."""
    port = rig.simulator.port
    for _ in range(rounds):
        rig.simulator.stop()
        came = send(rig, Answer())
        rig.must(came.status == httpx.codes.BAD_GATEWAY, f"the client got {came.status}, expected 502")
        recorded_as(rig, came.model, *ABORTED)
        rig.simulator = Simulator(rig.folder / "simulator", port=port).__enter__()
        rig.must_go_on()
    rig.must_alert("errors:kimi-code")


def resets(rig: Rig, rounds: int) -> None:
    for _ in range(rounds):
        came = send(rig, Answer(reset=True), place=MOONSHOT)
        rig.must(came.status == httpx.codes.BAD_GATEWAY, f"the client got {came.status}, expected 502")
        recorded_as(rig, came.model, *ABORTED)
    rig.must_go_on()
    rig.must_alert("errors:moonshot")


def stalls(rig: Rig, rounds: int) -> None:
    """Before its first byte, or in the middle: until the client has had enough."""
    for number in range(rounds):
        silent = Answer(first_delay_s=STALL_S) if number % 2 else Answer(text=TEXT, chunk_delay_s=STALL_S)
        came = send(rig, silent, place=MISTRAL, timeout_s=PATIENCE_S)
        rig.must(bool(came.body) != bool(number % 2), f"{len(came.body)} bytes came before the silence")
        recorded_as(rig, came.model, "client_abort", None if number % 2 else 200, "transport")
    rig.must_go_on()


def cuts_streams(rig: Rig, rounds: int) -> None:
    """At a random byte; the client has every byte before it, and no other."""
    whole = send(rig, Answer(text=TEXT), place=CEREBRAS).body
    for number in range(rounds):
        at = rig.random.randrange(1, len(whole) // 2)
        answer = Answer(text=TEXT, cut_at=at, write_bytes=number % 5 or None)
        came = send(rig, answer, place=CEREBRAS)
        rig.must(len(came.body) == at and not came.whole, f"cut after {at} bytes, {len(came.body)} came")
        recorded_as(rig, came.model, *CUT)
    rig.must_go_on()
    rig.must_alert("errors:cerebras")


def cuts_heads(rig: Rig, rounds: int) -> None:
    """At a random byte of the answer's head, or of its first chunk."""
    start = HEAD + b"20\r\ndata: "
    for _ in range(rounds):
        at = rig.random.randrange(1, len(start))
        came = send(rig, Answer(garbage=start[:at]), place=OPENROUTER)
        if at < len(HEAD):
            rig.must(came.status == httpx.codes.BAD_GATEWAY, f"a head cut at {at}: {came.status}, expected 502")
        else:
            rig.must(came.status == httpx.codes.OK and not came.whole, f"an answer cut at {at} has an end")
        recorded_as(rig, came.model, *(ABORTED if at < len(HEAD) else CUT))
    rig.must_go_on()
    rig.must_alert("errors:openrouter")
