"""Puts an answer on the wire, with the faults its script asks for."""

import asyncio
import gzip
import socket
import struct
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from addons.services.simulator.received import Received
from addons.services.simulator.script import Answer

TRANSPORT = "simulator.transport"


class Protocol(H11Protocol):
    """uvicorn's own, but the application can reach the connection under it, to break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = self.app_state | {TRANSPORT: transport}


class CutShortError(Exception):
    """Raised inside a body: uvicorn then closes the connection without ending the answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as bytes: the events of a stream, or one piece."""

    status: int
    body: Iterable[bytes]
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    stream: bool = False


async def send_reply(
    reply: Reply, answer: Answer, received: Received, scope: Scope, receive: Receive, send: Send
) -> None:
    transport: asyncio.Transport = scope["state"][TRANSPORT]
    await asyncio.sleep(answer.first_delay_s)
    if answer.reset or answer.garbage:
        await _break_off(transport, answer.garbage, receive)
        return
    headers = {"content-type": reply.content_type} | reply.headers | answer.headers
    received.status = reply.status
    chunks = list(reply.body) if answer.gzip or not reply.stream else reply.body
    if answer.gzip:
        chunks = [gzip.compress(b"".join(chunks), mtime=0)]
        headers["content-encoding"] = "gzip"
    if not reply.stream and answer.cut_at is None and answer.write_bytes is None:
        body = b"".join(chunks)
        await Response(body, reply.status, headers)(scope, receive, send)
        received.sent_bytes, received.finished = len(body), True
        return
    await StreamingResponse(_body(chunks, answer, received), reply.status, headers)(scope, receive, send)


async def _body(chunks: Iterable[bytes], answer: Answer, received: Received) -> AsyncIterator[bytes]:
    """The writes of a body, paced; `received` says how far it came, also when the client hangs up in between."""
    for index, chunk in enumerate(chunks):
        if index:
            await asyncio.sleep(answer.chunk_delay_s)
        for start in range(0, len(chunk), answer.write_bytes or len(chunk) or 1):
            piece = chunk[start : start + (answer.write_bytes or len(chunk))]
            left = None if answer.cut_at is None else answer.cut_at - received.sent_bytes
            yield piece if left is None else piece[:left]
            received.sent_bytes += len(piece if left is None else piece[:left])
            if left is not None and left <= len(piece):
                raise CutShortError
            if answer.write_bytes:
                await asyncio.sleep(0)
    received.finished = True


async def _break_off(transport: asyncio.Transport, garbage: bytes, receive: Receive) -> None:
    """Ends the connection without an HTTP answer: after `garbage`, or by a reset."""
    if garbage:
        transport.write(garbage)
        transport.close()
    else:
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        continue
