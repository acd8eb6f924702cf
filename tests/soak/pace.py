"""How many requests a second go through, beside bare mitmdump in the same run, and whether the queue drops any then.

Small requests on connections that are kept, from two processes: sending them is nothing beside what a proxy does with
them.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from addons.domain import places
from tests.bench.proxies import Proxy, proxy, upstream
from tests.bench.table import p
from tests.soak.recorder_load import RATE
from tests.soak.sender import Sent
from tests.soak.verdicts import SETTINGS, Verdict
from tests.soak.watch import Watch, beat, query

PROCESSES = 2
CONNECTIONS, BURST_CONNECTIONS = 16, 128
REACHED = 0.98
"""Of the pace asked for: the last answers come after the last request was due."""


@dataclass(frozen=True, slots=True)
class Run:
    sent: Sent
    cpu_ms: float
    """Of the proxy, all its threads, a request."""

    @property
    def rate(self) -> float:
        return self.sent.answered / self.sent.took_s


class Senders:
    """Numbers each process, so that no session is played twice."""

    def __init__(self) -> None:
        self._seed = 0

    def run(self, target: Proxy, requests: int, rate: float = 0.0, connections: int = CONNECTIONS) -> Run:
        with ExitStack() as stack:
            share = requests // PROCESSES, rate / PROCESSES, connections // PROCESSES
            senders = [stack.enter_context(self._sender(target, *share)) for _ in range(PROCESSES)]
            before_s = target.cpu_s()
            for sender in senders:
                assert sender.stdin
                sender.stdin.write("go\n")
                sender.stdin.flush()
            found = [Sent(**json.loads(answer(sender))) for sender in senders]
            sent = Sent(
                sum(each.answered for each in found),
                max(each.took_s for each in found),
                [late for each in found for late in each.late_ms],
            )
            return Run(sent, (target.cpu_s() - before_s) * 1000 / sent.answered)

    @contextmanager
    def _sender(self, target: Proxy, requests: int, rate: float, connections: int) -> Iterator[subprocess.Popen[str]]:
        self._seed += 1
        options = {"seed": self._seed, "requests": requests, "rate": rate, "connections": connections}
        command = [sys.executable, "-m", "tests.soak.sender", str(target.port), str(target.trusted)]
        command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=places.ROOT, stdin=pipe, stdout=pipe, text=True) as process:
            try:
                assert answer(process) == "ready"
                yield process
            finally:
                process.kill()


def answer(sender: subprocess.Popen[str]) -> str:
    assert sender.stdout
    line = sender.stdout.readline().strip()
    if not line:
        raise RuntimeError("a sender ended before its answer")
    return line


def pace(folder: Path, requests: int) -> list[Verdict]:
    """`requests`: of each part of the run, but the burst, which is a quarter of it."""
    senders = Senders()
    with upstream(folder) as (port, ca), ExitStack() as stack:
        bare = stack.enter_context(proxy("bare", places.ROOT / "tests/bench/stream_only.py", folder, port, ca))
        ours = stack.enter_context(proxy("paced", places.ROOT / "addons/kimi.py", folder, port, ca, SETTINGS))
        for target in (bare, ours):
            senders.run(target, requests // 10)
        table = [ceiling("bare mitmdump, small requests", senders.run(bare, requests))]
        watch = Watch(ours, lambda: 0, 0.1)
        watch.start()
        try:
            most = senders.run(ours, requests)
            paced = senders.run(ours, requests, RATE)
            burst = senders.run(ours, requests // 4, connections=BURST_CONNECTIONS)
        finally:
            watch.stop()
        answered = requests // 10 + sum(run.sent.answered for run in (most, paced, burst))
        table += [
            ceiling("ours, small requests", most),
            at_a_pace(paced),
            ceiling(f"ours, a burst on {BURST_CONNECTIONS} connections", burst),
            none_lost(ours, answered, max(sample.queued for sample in watch.samples)),
        ]
    return table


def ceiling(what: str, run: Run) -> Verdict:
    return Verdict(what, f"{run.rate:.0f} requests/s, {run.cpu_ms:.1f} ms of processor time each", "–", True)


def at_a_pace(run: Run) -> Verdict:
    late = f"{p(run.sent.late_ms, 0.5):.0f} ms, p99 {p(run.sent.late_ms, 0.99):.0f} ms after they were due"
    found = f"{run.rate:.0f} requests/s, answered {late}"
    return Verdict(f"{RATE} requests/s asked of ours", found, "–", True)


def none_lost(ours: Proxy, answered: int, queued: int) -> Verdict:
    written, dropped = settled(ours.database, answered)
    found = f"{written:,} of {answered:,} written, {dropped} dropped, at most {queued} waiting"
    return Verdict("records of all these", found, "none dropped", written == answered and not dropped)


def settled(database: Path, answered: int, give_up_s: float = 60.0) -> tuple[int, int]:
    """Records written, without the one request that asked whether the proxy is there; records dropped."""
    until_s = time.monotonic() + give_up_s
    while True:
        written = int(query(database, "SELECT count(*) FROM completions")[0][0]) - 1
        _, dropped = beat(database)
        if written >= answered or time.monotonic() > until_s:
            return written, dropped
        time.sleep(0.1)
