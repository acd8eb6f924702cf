"""Answers that are none: each kind, what the client gets of it, and what the record says.

What mitmproxy cannot read as HTTP it answers with a 502 of its own; everything else reaches the client as it came, byte
for byte, and what cannot be read as an answer is recorded as no answer.
"""

import gzip
from dataclasses import dataclass
from typing import Any

from addons.services.simulator.script import Answer
from tests.faults.rig import Place, Rig
from tests.faults.upstream import HEAD, recorded_as, send

GROQ = Place("groq", "api.groq.com", "/openai/v1")
PAGE = b"<!doctype html><title>Sign in</title>"
BINARY = bytes(range(256))
HALF = b'data: {"choices":[{"index":0,"delta":{"content":"Half"}}]}\n\n'
BROKEN = b"data: {broken\n\n\xff\n\n"
PACKED = gzip.compress(b'{"choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}', mtime=0)
BIG = b"X-Big: " + b"a" * 60_000 + b"\r\n"
ENDLESS = b"X-More: aaaa\r\n" * 20_000


@dataclass(frozen=True, slots=True)
class Garbage:
    """What is on the wire in the place of an answer, and what has to become of it."""

    name: str
    sent: bytes
    body: bytes | None
    """What the client gets of the body; None: mitmproxy's 502."""
    whole: bool = True
    """Whether the client sees an end of it."""
    status: int = 200
    outcome: str = "upstream_abort"
    error_class: str = "transport"
    stream: bool = True
    """What the client asked for."""


def answer(body: bytes, more: bytes = b"", length: int | None = None, status: bytes = b"200 OK") -> bytes:
    size = len(body) if length is None else length
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s" % (
        status,
        more,
        size,
        body,
    )


def chunked(*parts: bytes) -> bytes:
    return HEAD + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def in_one_piece(name: str, body: bytes, more: bytes = b"") -> tuple[Garbage, Garbage]:
    """Asked for as a stream, and not."""
    return (
        Garbage(name, answer(body, more), body),
        Garbage(f"{name}, no stream asked for", answer(body, more), body, stream=False),
    )


FAILED: dict[str, Any] = {"outcome": "error", "error_class": "overload"}
UNREAD: dict[str, Any] = {"outcome": "ok", "error_class": ""}
KINDS = (
    Garbage("an empty line", b"\r\n\r\n", None),
    Garbage("zeros", bytes(64), None),
    Garbage("binary, no HTTP", BINARY, None),
    Garbage("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n", None),
    Garbage("a head without an end", b"HTTP/1.1 200 OK\r\n" + ENDLESS, None),
    Garbage("a negative length", answer(b"", length=-1), None),
    Garbage("two lengths", answer(b"ab", b"Content-Length: 1\r\n"), None),
    Garbage("an unknown status", answer(b"", status=b"999 \xff\xfe"), b"", status=999, **FAILED),
    Garbage("an error page", answer(PAGE, status=b"502 Bad Gateway"), PAGE, status=502, **FAILED),
    Garbage("a length too short", answer(b'{"a": 1}', length=5), b'{"a":'),
    Garbage("a length too long", answer(b'{"a": 1}', length=500), b'{"a": 1}', whole=False),
    Garbage("a huge header", answer(b"{}", BIG), b"{}"),
    Garbage("no chunk", HEAD + b"zz\r\nno chunk\r\n", b"", whole=False),
    Garbage("an endless chunk", HEAD + b"ffffffffffffffff\r\n", b"", whole=False),
    Garbage("a chunk with a wrong end", HEAD + b"6\r\ndata: XX\r\n0\r\n\r\n", b"data: ", whole=False),
    Garbage("events that are none", chunked(BROKEN), BROKEN),
    Garbage("an event, then none", chunked(HALF, BROKEN), HALF + BROKEN),
    Garbage("binary for events", chunked(BINARY), BINARY),
    *in_one_piece("broken JSON", b'{"choices": [{'),
    *in_one_piece("other JSON", b'[1, 2, "x"]'),
    *in_one_piece("a page", PAGE),
    *in_one_piece("binary", BINARY),
    *in_one_piece("nothing", b""),
    *in_one_piece("gzip that is cut", PACKED[:30], b"Content-Encoding: gzip\r\n"),
    # What cannot be unpacked is not read; nothing is claimed of an answer that was not read.
    Garbage("gzip that is none", answer(b"not gzip!", b"Content-Encoding: gzip\r\n"), b"not gzip!", **UNREAD),
)


def says_nonsense(rig: Rig, rounds: int) -> None:
    """Every kind in turn, by one way in and then by the other."""
    for number in range(rounds):
        kind = KINDS[number % len(KINDS)]
        gateway = number // len(KINDS) % 2 == number % 2
        came = send(rig, Answer(garbage=kind.sent), place=GROQ, gateway=gateway, stream=kind.stream)
        if kind.body is None:
            rig.must(
                came.status == 502 and b"502 Bad Gateway" in came.body, f"{kind.name}: {came.status}, expected 502"
            )
            recorded_as(rig, came.model, kind.outcome, None, kind.error_class)
            continue
        got, expected = (came.status, came.whole), (kind.status, kind.whole)
        rig.must(got == expected, f"{kind.name}: the client got {got}, expected {expected}")
        rig.must(came.body == kind.body, f"{kind.name}: {came.body[:40]!r} came, expected {kind.body[:40]!r}")
        recorded_as(rig, came.model, kind.outcome, kind.status, kind.error_class)
    rig.must_go_on()
    rig.must_alert("errors:groq")
