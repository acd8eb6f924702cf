"""What cannot be printed stops nobody."""

import errno
import io
import logging
from collections.abc import Iterator

import pytest
from mitmproxy.addons.termlog import TermLogHandler

from addons.hooks.terminal import Patient, Terminal


class FullDisk(io.StringIO):
    def write(self, text: str, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def handler() -> Iterator[TermLogHandler]:
    handler = TermLogHandler(FullDisk())
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("kimi", logging.ERROR, "", 0, text, (), None)


def test_mitmproxy_alone_ends_where_its_log_cannot_be_printed(handler: TermLogHandler) -> None:
    """The day this fails, ours is not needed any more."""
    with pytest.raises(SystemExit):
        handler.emit(record("anything"))


def test_with_us_it_goes_on(handler: TermLogHandler) -> None:
    Terminal().load(None)
    Terminal().load(None)
    handler.emit(record("anything"))
    assert isinstance(handler.file, Patient)
    assert handler.file.left_out > 0


def test_what_can_be_printed_is() -> None:
    out = io.StringIO()
    assert Patient(out).write("a line") == 6
    assert out.getvalue() == "a line"
