"""`./just soak`: many requests through the real proxy, and whether anything of it grows, drops or leaks.

Beside it a reader asks the store as the dashboard does. With `--minutes` the answers are streams that take their time;
without, a second part sends small requests as fast as they go through (`tests/soak/pace.py`).
Exit status 1 where a target is missed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from addons.domain.places import ROOT
from tests.bench.proxies import proxy, upstream
from tests.soak import recorder_load
from tests.soak.load import Load
from tests.soak.pace import pace, settled
from tests.soak.verdicts import SETTINGS, Verdict, markdown, verdicts
from tests.soak.watch import Watch, table_rows, wal_mb

WARM = 2_000
PACED = 4_000
"""Requests of each part of the run that looks for the highest rate."""
HOURS = 24 * 3600.0


def soak(
    requests: int, minutes: float | None, concurrency: int, folder: Path, samples: Path | None = None
) -> list[Verdict]:
    """One run: so many requests at once after each other, or streams of two seconds for so many minutes."""
    with upstream(folder) as (port, ca), proxy("ours", ROOT / "addons/kimi.py", folder, port, ca, SETTINGS) as target:
        seconds, events, gap_s = (minutes * 60, 40, 0.05) if minutes else (HOURS, 8, 0.0)
        load = Load(target, 10_000_000 if minutes else requests, seconds, events, gap_s)
        watch = Watch(target, lambda: load.answered, 1.0 if samples or requests > WARM else 0.2)
        took_s = played(load, watch, concurrency)
        settled(target.database, load.answered)
        watch.stop()
    if samples:
        watch.write(samples)
    warm = WARM if load.answered > WARM else load.answered // 4
    left_mb = wal_mb(target.database)  # before it is read again
    table = verdicts(watch.samples, warm, load.answered, load.failed, table_rows(target.database), left_mb)
    found = f"{load.answered / took_s:.0f} requests/s, {took_s:.0f} s, {concurrency} at once"
    return [Verdict("generator", found, "–", True), *table]


def played(load: Load, watch: Watch, concurrency: int) -> float:
    """The seconds it took."""
    started_s = time.monotonic()
    load.start(concurrency)
    watch.start()
    try:
        while not load.is_over():
            time.sleep(0.1)
    finally:
        load.end()
    return time.monotonic() - started_s


def recorder(folder: Path, seconds: float, records: int) -> list[Verdict]:
    return [recorder_load.paced(folder, seconds), recorder_load.at_its_limit(folder, records)]


def shown(table: Sequence[Verdict]) -> int:
    sys.stdout.write(f"{markdown(table)}\n")
    sys.stdout.flush()
    return 0 if all(row.holds for row in table) else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="just soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000, help="how many, one after the other (default 20000)")
    parser.add_argument("--minutes", type=float, help="instead: streams of two seconds for so long")
    parser.add_argument("--concurrency", type=int, default=8, help="clients at once (default 8)")
    parser.add_argument("--samples", type=Path, metavar="FILE", help="write each look at the proxy there, as CSV")
    parser.add_argument("--pace", action="store_true", help="only how many requests a second go through")
    parser.add_argument("--recorder", action="store_true", help="only the recorder, driven directly")
    args = parser.parse_args()
    os.nice(10)  # a proxy that serves somebody on this machine goes first
    with tempfile.TemporaryDirectory() as name:
        if args.recorder:
            return shown(recorder(Path(name), 30.0, 60_000))
        if args.pace:
            return shown(pace(Path(name), PACED))
        missed = shown(soak(args.requests, args.minutes, args.concurrency, Path(name), args.samples))
        return missed if args.minutes else shown(pace(Path(name), PACED)) or missed


if __name__ == "__main__":
    sys.exit(main())
