"""What the simulator received, kept byte for byte, so that a test can say that nothing was changed on the way."""

import base64
import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from addons.domain.usage import Usage

CREDENTIAL_HEADERS = ("authorization", "x-goog-api-key", "x-api-key", "api-key")


@dataclass(slots=True, kw_only=True)
class Received:
    seq: int
    """From 1, in order of arrival."""
    at_s: float
    """Seconds since 1970-01-01 UTC, when the body was complete."""
    method: str
    host: str
    path: str
    """With the query."""
    headers: list[tuple[str, str]]
    """In order; names in lower case, as the server hands them out."""
    body: bytes
    claim: Usage | None = None
    """The usage that the answer states; None where it states none. What it does not state is None in it."""
    status: int | None = None
    sent_bytes: int = 0
    """Of the answer's body."""
    ended: bool = False
    """The answer is over, in whatever way."""
    finished: bool = False
    """The answer was sent to its end; False also where the client hung up."""
    connection: str = ""
    """The client's address: requests over one connection share it."""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def credential(self) -> str:
        found = next((value for name in CREDENTIAL_HEADERS if (value := self.header(name))), "")
        if found or "key=" not in self.path:
            return found.removeprefix("Bearer ")
        return self.path.split("key=", 1)[1].split("&", 1)[0]

    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    def row(self) -> dict[str, Any]:
        """As in the JSONL file and at the control endpoint; the body in base64."""
        row = {name: getattr(self, name) for name in self.__slots__}
        return row | {"body": base64.b64encode(self.body).decode()}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Received":
        body = base64.b64decode(row["body"])
        claim = msgspec.convert(row["claim"], Usage | None)
        headers = [(name, value) for name, value in row["headers"]]
        return cls(**(row | {"body": body, "claim": claim, "headers": headers}))


@dataclass(slots=True)
class Inbox:
    """The newest requests in memory, at most `keep_bytes` of bodies, and all of them in a file if one is given."""

    file: Path | None = None
    keep_bytes: int = 256 * 1024 * 1024
    _kept: deque[Received] = field(default_factory=deque)
    _bytes: int = 0
    _seq: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, **fields: Any) -> Received:
        with self._changed:
            self._seq += 1
            received = Received(seq=self._seq, **fields)
            self._kept.append(received)
            self._bytes += len(received.body)
            while self._bytes > self.keep_bytes and len(self._kept) > 1:
                self._bytes -= len(self._kept.popleft().body)
            self._changed.notify_all()
            return received

    def ended(self, received: Received) -> None:
        """The answer is over, in whatever way: write the record down."""
        with self._changed:
            received.ended = True
            if self.file is not None:
                with self.file.open("ab") as file:
                    file.write(msgspec.json.encode(received.row()) + b"\n")
            self._changed.notify_all()

    def all(self, since: int = 0) -> list[Received]:
        """Those after sequence number `since` that are still kept."""
        with self._changed:
            return [received for received in self._kept if received.seq > since]

    def clear(self) -> None:
        with self._changed:
            self._kept.clear()
            self._bytes = 0

    def wait(self, count: int, timeout_s: float = 60.0, *, ended: bool = False) -> list[Received]:
        """All that are kept, as soon as they (or, of them, those whose answer is over) are `count`.

        :raises TimeoutError: naming what is there instead.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._kept_so_far(ended)) >= count, timeout_s):
                there = [f"{received.method} {received.host}{received.path}" for received in self._kept]
                raise TimeoutError(f"the simulator received {len(there)} requests, expected {count}: {there}")
            return self._kept_so_far(ended)

    def _kept_so_far(self, ended: bool) -> list[Received]:
        return [received for received in self._kept if received.ended or not ended]
