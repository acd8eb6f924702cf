"""Bodies that come compressed: gzip and deflate, in any chunking.

A gzip body may be several members, one after the other (RFC 1952 § 2.2): who writes it in pieces makes such ones, and
mitmproxy reads the first alone.
"""

import zlib
from collections.abc import Callable

GZIP = ("gzip", "x-gzip")
_EITHER = zlib.MAX_WBITS | 32
"""zlib finds out whether a head is gzip's or its own."""


class Inflating:
    """Gives what each chunk adds. What follows a member and is none is left out, as gzip itself does with padding."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_EITHER)
        self._has_ended = False
        """A whole member was read."""

    def __call__(self, chunk: bytes) -> bytes:
        """:raises zlib.error: if it is not compressed."""
        found = []
        while chunk:
            if self._member.eof:
                self._member, self._has_ended = zlib.decompressobj(_EITHER), True
            try:
                found.append(self._member.decompress(chunk))
            except zlib.error:
                if not self._has_ended:
                    raise
                break
            chunk = self._member.unused_data
        return b"".join(found)


def decoder(content_encoding: str) -> Callable[[bytes], bytes] | None:
    """What decodes such a body chunk by chunk; None for encodings other than gzip and deflate."""
    name = content_encoding.strip().lower()
    if name in ("", "identity"):
        return bytes
    return Inflating() if name in (*GZIP, "deflate") else None
