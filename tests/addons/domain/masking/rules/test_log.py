from collections.abc import Callable

import pytest

from addons.domain.masking.rules import log
from addons.domain.masking.selection import Body

LINES = {
    "iso": "2026-11-22T08:00:{:02d}Z worker started job",
    "syslog": "Nov 22 08:00:{:02d} host cron[4123]: job",
    "bracketed": "[08:00:{:02d}.117] [info] job",
    "level": "INFO  worker-{:02d} picked up a job",
    "docker": "1790000{:03d}.114 connection accepted",
}


@pytest.mark.parametrize("form", LINES)
def test_logs_are_recognised(applies: Callable[..., bool], form: str) -> None:
    assert applies(log.read, "\n".join(LINES[form].format(n) for n in range(40)))


def test_prose_is_no_log(applies: Callable[..., bool]) -> None:
    assert not applies(log.read, "\n".join(["A sentence about nothing."] * 40))


def test_errors_with_their_trace_warnings_once_and_the_slow_request_stay(
    shortened: Callable[..., Body], server_log: str
) -> None:
    body = shortened(log.read, server_log, 600)
    for told in (
        "POST /api/v1/orders 500",
        "StockError: only 3 of 8 left of SKU-90117",
        "48213 ms for tenant lark-4471",
    ):
        assert told in body.text
    assert body.text.count("pool connection checkout") == 1
    assert "(×40, last" in body.text


def test_levels_are_counted(shortened: Callable[..., Body], server_log: str) -> None:
    assert shortened(log.read, server_log, 300).notes[0] == "levels: ERROR 1, INFO 601, WARNING 40"
