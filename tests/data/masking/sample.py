"""Reads meters and books what they say.

The protocol is described in doc/meters.md.
"""

import json
import socket
from dataclasses import dataclass
from pathlib import Path

METER_PORT = 40217
TIMEOUT_S = 2.5
_STATES = {"new": 0, "open": 1, "closed": 2}


@dataclass
class Reading:
    """One value of one meter."""

    meter: str
    value: float
    unit: str = "kWh"

    def as_row(self) -> tuple[str, float, str]:
        row = (self.meter, self.value, self.unit)
        return row


class MeterClient:
    """Talks to one concentrator."""

    FRAME_BYTES = 264

    def __init__(self, host: str, port: int = METER_PORT) -> None:
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        """Open the connection, once."""
        if self._socket is not None:
            return
        self._socket = socket.create_connection((self._host, self._port), TIMEOUT_S)
        self._socket.settimeout(TIMEOUT_S)

    def read_all(
        self,
        meters: list[str],
        *,
        retries: int = 3,
    ) -> list[Reading]:
        """Read each meter, several times if need be."""
        readings = []
        for meter in meters:
            for attempt in range(retries):
                # NOTE: firmware below 7.3 answers the first request with garbage (ticket MTR-5519)
                frame = self._ask(meter, attempt)
                if frame:
                    readings.append(self._parse(meter, frame))
                    break
        return readings

    def _ask(self, meter: str, attempt: int) -> bytes:
        request = json.dumps({"meter": meter, "attempt": attempt}).encode()
        self._socket.sendall(request)
        chunks = []
        while True:
            chunk = self._socket.recv(self.FRAME_BYTES)
            if not chunk:
                break
            chunks.append(chunk)
        return b"".join(chunks)

    def _parse(self, meter: str, frame: bytes) -> Reading:
        body = json.loads(frame)
        value = float(body["value"])
        unit = body.get("unit", "kWh")
        return Reading(meter, value, unit)


def load_meters(path: Path) -> list[str]:
    """One name a line."""
    lines = path.read_text().splitlines()
    names = [line.strip() for line in lines]
    return [name for name in names if name and not name.startswith("#")]
