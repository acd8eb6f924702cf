"""Put on a process's PYTHONPATH: its wall clock is off by what the file KIMI_TEST_CLOCK says, in seconds.

As when a laptop wakes up or a time server corrects the clock: `time.monotonic` goes on, `time.time` jumps. Python reads
this module before any other, so that nobody has taken hold of the true clock yet.
"""

import os
import time
from pathlib import Path

FILE = Path(os.environ["KIMI_TEST_CLOCK"])
true_ns, true_s = time.time_ns, time.time


def offset_s() -> float:
    try:
        return float(FILE.read_text())
    except (OSError, ValueError):
        return 0.0


time.time_ns = lambda: true_ns() + int(offset_s() * 1_000_000_000)
time.time = lambda: true_s() + offset_s()
