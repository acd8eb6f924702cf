"""Gemini's streaming without `alt=sse`: one JSON array `[{…},\\r\\n{…}]`, whose objects arrive one after the other.

Only braces, brackets and strings are followed; whether an object is valid is for whoever decodes it. A single object
that is no array (an answer that was not streamed, an error) is one event.
"""

import re

from addons.domain.wire.sse import MAX_EVENT_BYTES

_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
"""Over everything up to the next bracket, whole strings included; stops at the quote of a string that does not end."""
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)


class ObjectStream:
    """Splits one stream; `feed` returns the bytes of the objects that are complete."""

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._held = bytearray()
        self._depth = 0
        """Braces and brackets open inside the object; the array around the objects is not counted."""
        self._in_string = False
        self._after_backslash = False
        self._too_long = False

    def feed(self, chunk: bytes) -> list[bytes]:
        events: list[bytes] = []
        start = position = 0
        while position < len(chunk):
            if not self._depth:
                # Between objects nothing counts but the next one's brace.
                brace = chunk.find(b"{", position)
                if brace < 0:
                    return events
                start, position, self._depth = brace, brace + 1, 1
                continue
            position = self._advance(chunk, position)
            if not self._depth:
                self._hold(chunk[start:position])
                self._end_object(events)
        if self._depth:
            self._hold(chunk[start:])
        return events

    def close(self) -> list[bytes]:
        """Nothing: an object without its end cannot be decoded."""
        return []

    def _advance(self, chunk: bytes, position: int) -> int:
        """Past the next bracket, or past the end of the string that was open, or to the end of the chunk."""
        if self._in_string:
            return self._through_string(chunk, position)
        match = _TO_BRACKET.match(chunk, position)
        position = match.end() if match else position
        character = chunk[position : position + 1]
        if character == b'"':
            self._in_string = True
        elif character:
            self._depth += 1 if character in b"{[" else -1
        return position + 1

    def _through_string(self, chunk: bytes, position: int) -> int:
        if self._after_backslash:
            self._after_backslash = False
            return position + 1
        match = _IN_STRING.match(chunk, position)
        position = match.end() if match else position
        self._after_backslash = chunk[position : position + 1] == b"\\"
        self._in_string = chunk[position : position + 1] != b'"'
        return position + 1

    def _hold(self, piece: bytes) -> None:
        if self._too_long or len(self._held) + len(piece) > self._max_event_bytes:
            self._too_long = True
            self._held.clear()
        else:
            self._held += piece

    def _end_object(self, events: list[bytes]) -> None:
        if not self._too_long:
            events.append(bytes(self._held))
        self._held.clear()
        self._too_long = False
