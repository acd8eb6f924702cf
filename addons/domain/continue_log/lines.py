"""Bytes in any pieces -> whole lines, in bounded memory."""

import codecs

MAX_LINE_CHARS = 64 * 1024
"""A longer line is skipped: an event of ours takes a few hundred characters, what is longer is somebody's text."""

_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
BOM_BYTES = 2
"""How many of a file's first bytes tell its encoding."""


def encoding_of(head: bytes) -> str:
    """Of a file that begins so: UTF-16 if it says so, as Windows' PowerShell writes; else UTF-8."""
    return _UTF_16.get(head[:BOM_BYTES], "utf-8")


class Lines:
    """`feed` gives the lines that are complete; what is not text becomes U+FFFD. Never raises."""

    def __init__(self, encoding: str, *, mid_line: bool = False) -> None:
        """`mid_line`: the first bytes are the rest of a line whose beginning nobody read; it is skipped."""
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._rest = ""
        self._skipping = mid_line

    def feed(self, data: bytes) -> list[str]:
        *whole, rest = (self._rest + self._decoder.decode(data)).split("\n")
        if self._skipping and whole:
            del whole[0]
            self._skipping = False
        self._skipping |= len(rest) > MAX_LINE_CHARS
        self._rest = "" if self._skipping else rest
        return [line.rstrip("\r").removeprefix("\ufeff") for line in whole if len(line) <= MAX_LINE_CHARS]
