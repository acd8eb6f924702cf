"""A stream reader: a framing that finds the events, and a wire format's function that reads one."""

from collections.abc import Callable
from typing import Protocol

from addons.domain.wire.contract import StreamEvent
from addons.domain.wire.json_array import ObjectStream
from addons.domain.wire.sse import EventStream

ReadEvent = Callable[[bytes, bool], StreamEvent | None]
"""Data of one event, and whether its text is wanted -> what it tells; None if that is nothing. Never raises."""


class Framing(Protocol):
    def feed(self, chunk: bytes) -> list[bytes]: ...

    def close(self) -> list[bytes]: ...


class EventReader:
    def __init__(self, framing: Framing, read: ReadEvent, want_text: bool) -> None:
        self._framing = framing
        self._read = read
        self._want_text = want_text

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        return self._events(self._framing.feed(chunk))

    def close(self) -> list[StreamEvent]:
        return self._events(self._framing.close())

    def _events(self, datas: list[bytes]) -> list[StreamEvent]:
        return [event for data in datas if (event := self._read(data, self._want_text)) is not None]


def framing_of(content_type: str) -> Framing:
    """By the media type; what is not called JSON is read as server-sent events."""
    return ObjectStream() if "json" in content_type.lower() else EventStream()
