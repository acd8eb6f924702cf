"""A provider that answers at once: what is measured is then the proxy, not the answer.

TLS on loopback, HTTP/1.1 with keep-alive. Each streamed event carries the time it was written (CLOCK_MONOTONIC, which
all processes of one machine share), so that the reader can tell how long it was under way.
"""

import argparse
import asyncio
import ssl
import sys
import time
from pathlib import Path

EVENT = b'data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"%d "}}]}\n\n'
LAST = (
    b'data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    b'data: {"id":"c1","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":20,"total_tokens":1020}}\n\n'
    b"data: [DONE]\n\n"
)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
            body = await reader.readexactly(int(fields.get(b"content-length", 0)))
            if label := fields.get(b"x-label"):
                Path(label.decode()).write_bytes(body)
            events, gap_s = int(fields.get(b"x-events", 20)), float(fields.get(b"x-gap-s", 0))
            writer.write(HEAD)
            for _ in range(events):
                writer.write(chunk(EVENT % time.monotonic_ns()))
                await writer.drain()
                if gap_s:
                    await asyncio.sleep(gap_s)
            writer.write(chunk(LAST) + chunk(b""))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client has gone, which is how every connection ends
    finally:
        writer.close()


async def main(certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context, limit=1 << 20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("certificate", help="PEM file with key and chain")
    asyncio.run(main(parser.parse_args().certificate))
