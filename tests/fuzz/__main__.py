"""`./just fuzz`: everything that reads foreign bytes, fed by a fuzzer that follows the branches taken (atheris).

Each target runs in a process of its own: an input that hangs, grows or raises ends that process only, and is kept. The
table says how many inputs each one met; the exit status is 1 where one of them broke a promise.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from addons.domain.places import ROOT
from tests.fuzz.targets import TARGETS, seeds

TIMEOUT_S = 10
"""For one input: a target that needs longer is a hang."""
MEMORY_MB = 1_500
"""The tokenizer's tables and the fuzzer's own take 300 of them."""
MOST_BYTES = 16_384
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_PEAK = re.compile(r"stat::peak_rss_mb:\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Run:
    target: str
    inputs: int
    seconds: float
    peak_mb: int
    finding: str
    """The file that holds the input, and what it did; "" where all went well."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="just fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"default: all of {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default 60)")
    parser.add_argument("--keep", type=Path, default=Path(".fuzz"), help="where findings are kept (default .fuzz)")
    args = parser.parse_args()
    if find_spec("atheris") is None:
        parser.error("atheris is not installed, because there is no wheel of it for every system: pip install atheris")
    if unknown := set(args.targets) - set(TARGETS):
        parser.error(f"{', '.join(sorted(unknown))}: expected some of {', '.join(TARGETS)}")
    runs = [run(name, args.seconds, args.keep) for name in args.targets or TARGETS]
    sys.stdout.write(markdown(runs) + "\n")
    return int(any(each.finding for each in runs))


def run(name: str, seconds: int, keep: Path) -> Run:
    keep = (ROOT / keep).resolve()
    keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(name)):
            (Path(folder) / f"seed-{number}").write_bytes(seed)
        limits = (f"-max_total_time={seconds}", f"-timeout={TIMEOUT_S}", f"-rss_limit_mb={MEMORY_MB}")
        rest = (f"-max_len={MOST_BYTES}", "-print_final_stats=1", f"-artifact_prefix={keep}/{name}-")
        command = [sys.executable, "-m", "tests.fuzz.one", name, *limits, *rest, folder]
        began_s = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")
        spent_s = time.monotonic() - began_s
    inputs, peak = _EXECUTED.search(done.stderr), _PEAK.search(done.stderr)
    finding = ""
    if done.returncode:
        log = keep / f"{name}.log"
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
        finding = f"see {log.relative_to(ROOT) if log.is_relative_to(ROOT) else log}"
    return Run(name, int(inputs[1]) if inputs else 0, spent_s, int(peak[1]) if peak else 0, finding)


def markdown(runs: list[Run]) -> str:
    lines = ["| target | inputs | seconds | peak MB | verdict |", "|---|---:|---:|---:|---|"]
    lines += [
        f"| {each.target} | {each.inputs:,} | {each.seconds:.0f} | {each.peak_mb} | {each.finding or 'holds'} |"
        for each in runs
    ]
    total = sum(each.inputs for each in runs)
    return "\n".join([*lines, f"| all | {total:,} | {sum(each.seconds for each in runs):.0f} | | |"])


if __name__ == "__main__":
    sys.exit(main())
