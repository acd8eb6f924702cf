"""Terminal: the proxy goes on where nobody can read its log any more.

mitmproxy ends, from whichever thread, when a line of its log cannot be printed
(https://github.com/mitmproxy/mitmproxy/issues/4669): it has lost its terminal. A log that was redirected to a file on a
disk that is full by now, or to a program that has ended, would so take the traffic down with it.
"""

import logging
from typing import IO, Protocol

from mitmproxy.addons.termlog import TermLogHandler


class Out(Protocol):
    def write(self, text: str, /) -> int: ...


class Patient:
    """Takes the place of an output: what cannot be written is left out."""

    def __init__(self, out: Out) -> None:
        self.out = out
        self.left_out = 0
        """Writes that failed."""

    def write(self, text: str) -> int:
        try:
            return self.out.write(text)
        except OSError:
            self.left_out += 1
            return len(text)

    def flush(self) -> None:
        """`print` asks for it never; a stream's users may."""


class Terminal:
    def load(self, loader: object) -> None:
        for handler in logging.getLogger().handlers:
            if isinstance(handler, TermLogHandler) and not isinstance(handler.file, Patient):
                handler.file = as_stream(Patient(handler.file))


def as_stream(patient: Patient) -> "IO[str]":
    """What the handler needs of a stream is `write`."""
    return patient  # type: ignore[return-value]
