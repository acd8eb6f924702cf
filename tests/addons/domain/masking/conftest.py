"""Sample texts, and rules applied to them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from addons.domain.masking.document import Document, Hint, read
from addons.domain.masking.selection import Body, Shorten

SAMPLES = Path(__file__).parents[3] / "data" / "masking"


@pytest.fixture(scope="session")
def sample() -> Callable[[str], str]:
    """A text of tests/data/masking, by its file name."""
    return lambda name: (SAMPLES / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def count() -> Callable[[str], int]:
    """About as many tokens as cl100k_base finds in code; monotonic, which the exact one is not."""
    return lambda text: (len(text) + 3) // 4


Shortened = Callable[..., Body]


@pytest.fixture(scope="session")
def shortened(count: Callable[[str], int]) -> Shortened:
    """What a rule makes of a text; fails if the rule does not apply."""

    def shorten(rule: Callable[[Document], Shorten | None], text: str, budget: int, hint: Hint | None = None) -> Body:
        given = rule(read(text, hint or Hint(), count(text)))
        assert given is not None, "the rule does not apply"
        return given(budget)

    return shorten


@pytest.fixture(scope="session")
def applies(count: Callable[[str], int]) -> Callable[..., bool]:
    """Whether a rule takes a text."""
    return lambda rule, text, hint=None: rule(read(text, hint or Hint(), count(text))) is not None


@pytest.fixture(scope="session")
def server_log() -> str:
    """600 lines of a web server: requests, one slow one, one error with its trace, a warning that comes 40 times."""
    lines = []
    for second in range(600):
        stamp = f"2026-11-22 08:{second // 60:02d}:{second % 60:02d},114"
        lines.append(f"{stamp} INFO  http request GET /api/v1/items/{second % 9} 200 in {second % 90 + 10} ms")
        if second % 15 == 7:
            lines.append(f"{stamp} WARNING pool connection checkout took longer than expected")
    lines[300:300] = [
        "2026-11-22 08:05:00,002 INFO  jobs rebuild finished after 48213 ms for tenant lark-4471",
    ]
    lines[410:410] = [
        "2026-11-22 08:06:41,977 ERROR http request POST /api/v1/orders 500",
        "Traceback (most recent call last):",
        '  File "/srv/app/orders.py", line 214, in create',
        "    self._reserve(order)",
        "StockError: only 3 of 8 left of SKU-90117",
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def grep_output() -> str:
    """400 hits in 20 files, nearly all alike, one that is not."""
    hits = [
        f"src/service_{number:02d}/client.py:{line}:        timeout=timeout,"
        for number in range(20)
        for line in range(10, 410, 20)
    ]
    hits[211] = "src/service_10/legacy.py:88:    MAX_BACKLOG = 5381  # never above the kernel's limit"
    return "\n".join(hits)


@pytest.fixture(scope="session")
def ls_output() -> str:
    """300 files of `ls -l` in 30 directories: one is executable, one is much larger."""
    rows = []
    for number in range(300):
        mode = "-rwxr-xr-x" if number == 77 else "-rw-r--r--"
        size = 9_481_223 if number == 140 else 1000 + number * 7
        rows.append(f"{mode} 1 root root {size:8d} Nov 22 05:51 lib/pkg{number % 30}/module_{number}.py")
    return "\n".join(rows)
