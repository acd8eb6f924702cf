"""The logs that are followed: where each stands, and how it is read. A further one is a line in FORMATS."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from addons.domain.continue_log import cli_log, core_log, dev_data
from addons.domain.continue_log.cli_log import LocalMs
from addons.domain.continue_log.event import LogEvent
from addons.domain.continue_log.lines import Lines
from addons.domain.continue_log.records import Records


@dataclass(frozen=True, slots=True)
class Format:
    key: str
    """Its setting in `[ide_log]`."""
    folder: tuple[str, ...]
    """Below Continue's own."""
    files: re.Pattern[str]
    """Fits the whole name of each file to follow."""
    begins: re.Pattern[str] | None
    """Fits the first line of a record; None: each line is one."""
    read: Callable[[str, LocalMs], LogEvent | None]


FORMATS = (
    Format("core_log", ("logs",), re.compile(r"core\.log"), core_log.BEGINS, lambda record, _: core_log.read(record)),
    # winston goes on in cn1.log, cn2.log, … when a file has 10 MB, and does not rename
    Format("cn_log", ("logs",), re.compile(r"cn\d{0,4}\.log"), cli_log.BEGINS, cli_log.read),
    Format(
        "dev_data",
        ("dev_data", "0.2.0"),
        re.compile(r"tokensGenerated\.jsonl"),
        None,
        lambda record, _: dev_data.read(record),
    ),
)


class Reader:
    """The bytes of one file, in any pieces -> its events."""

    def __init__(self, form: Format, local_ms: LocalMs, encoding: str = "utf-8", *, mid_line: bool = False) -> None:
        self._form = form
        self._local_ms = local_ms
        self._lines = Lines(encoding, mid_line=mid_line)
        self._records = Records(form.begins)

    def feed(self, data: bytes) -> list[LogEvent]:
        return self._events(self._records.feed(line) for line in self._lines.feed(data))

    def flush(self) -> list[LogEvent]:
        """What waits for further lines that did not come."""
        return self._events([self._records.flush()])

    def _events(self, records: Iterable[str | None]) -> list[LogEvent]:
        events = (self._form.read(record, self._local_ms) for record in records if record)
        return [event for event in events if event]
