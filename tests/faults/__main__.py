"""`./just faults`: everything that may go wrong around the real product, many times, and what was lost of it.

Exit status 1 where something was lost that is promised, or did not go on.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.faults import FAULTS, tried
from tests.faults.rig import Rig

HEAD = "| fault | rounds | requests | lost | seconds | alert | verdict |\n|---|---:|---:|---:|---:|---|---|"


def main() -> int:
    parser = argparse.ArgumentParser(prog="just faults", description=__doc__)
    parser.add_argument("names", nargs="*", help="only faults with one of these words in their name")
    parser.add_argument("--rounds", type=int, help="of each fault (default: its own number)")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="repeats a run")
    args = parser.parse_args()
    chosen = [fault for fault in FAULTS if not args.names or any(name in fault.name for name in args.names)]
    bad = 0
    sys.stdout.write(f"Seed {args.seed}\n\n{HEAD}\n")
    with tempfile.TemporaryDirectory() as folder, Rig(Path(folder), args.seed) as rig:
        for fault in chosen:
            rounds, started = args.rounds or fault.rounds, time.monotonic()
            tally = tried(rig, fault, rounds)
            bad += tally.verdict in ("LOST", "FAILED")
            lost = f"{tally.lost}" + f" ({tally.excused} in the last moment)" * bool(tally.excused)
            took, why = time.monotonic() - started, f": {tally.report}" * bool(tally.report)
            sys.stdout.write(
                f"| {fault.name} | {rounds} | {tally.requests} | {lost} | {took:.0f} | {fault.alert or '–'} | "
                f"{tally.verdict}{why} |\n"
            )
            sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
