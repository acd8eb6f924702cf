"""Server-sent events: bytes in any chunking -> the data of each event.

Works on bytes, because a chunk may end inside a character; the event's data is complete when it is decoded. Lines end
with LF, CRLF or CR, as the specification has it. Google answers a failure inside an event stream with bare JSON: a line
that begins like JSON is therefore data too (as a field it would have no meaning).
"""

MAX_EVENT_BYTES = 8 * 1024 * 1024
"""An event longer than this is skipped, so that a stream without an end of event does not fill the memory.
The largest that providers send, an inline image, stays below it."""

_BOM = b"\xef\xbb\xbf"


class EventStream:
    """Splits one stream; `feed` and `close` return the data of the events that are complete."""

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._line = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._bare_json = False
        self._too_long = False
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> list[bytes]:
        if not chunk:
            return []
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r") if chunk else False
        events: list[bytes] = []
        lines = chunk.splitlines()
        rest = b"" if chunk.endswith((b"\n", b"\r")) or not lines else lines.pop()
        for line in lines:
            self._end_line(line, events)
        if rest:
            self._hold(rest)
        return events

    def close(self) -> list[bytes]:
        """An event whose last blank line is missing: a stream that was cut keeps what it said."""
        events: list[bytes] = []
        self._end_line(b"", events)
        self._end_event(events)
        return events

    def _hold(self, piece: bytes) -> None:
        if self._too_long or self._size + len(self._line) + len(piece) > self._max_event_bytes:
            self._too_long = True
            self._line.clear()
            # A line that was dropped is not a blank one: one byte stands for it.
            piece = b":"
        self._line += piece

    def _end_line(self, rest: bytes, events: list[bytes]) -> None:
        line = rest
        if self._line:
            self._hold(rest)
            line = bytes(self._line)
            self._line.clear()
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(_BOM)
        if not line:
            self._end_event(events)
        elif line.startswith(b"data:"):
            self._keep(line[6:] if line.startswith(b"data: ") else line[5:])
        elif self._bare_json or (line[:1] in b"{[" and not self._data):
            self._bare_json = True
            self._keep(line)

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._too_long or self._size > self._max_event_bytes:
            self._too_long = True
            self._data.clear()
        else:
            self._data.append(data)

    def _end_event(self, events: list[bytes]) -> None:
        if self._data:
            if not self._too_long:
                events.append(b"\n".join(self._data))
            self._data = []
        self._size = 0
        self._too_long = False
        self._bare_json = False
