"""What a request or an answer says, without the encoding it came in."""

from mitmproxy import http

from addons.domain.encodings import GZIP, Inflating


def content_of(message: http.Message) -> bytes:
    """All members of a gzip body, of which mitmproxy gives the first; else what mitmproxy makes of it.

    :raises ValueError: if mitmproxy cannot decode it.
    :raises zlib.error: if it is called gzip and is none.
    """
    raw = message.raw_content
    if raw and message.headers.get("content-encoding", "").strip().lower() in GZIP:
        return Inflating()(raw)
    return message.content or b""
