"""`./just bench`: what the addon costs beside a mitmdump that only streams, in one run.

Requests alternate between the proxies, so that both meet the same machine; read the ratios. The table is printed, and
written into README.md's block when asked.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from addons.domain.places import ROOT
from tests.bench import dashboard, first_sight, masking, recording
from tests.bench.conversations import Recorded, load
from tests.bench.first_sight import AUTOCOMPLETE, AUTOCOMPLETE_PATH
from tests.bench.proxies import PATH, Proxy, proxy, upstream
from tests.bench.table import Row, markdown, p


@dataclass(slots=True)
class Series:
    """What one proxy did in one part of the run."""

    ttfb_ms: list[float] = field(default_factory=list)
    delays_ms: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    @property
    def cpu_ms(self) -> float:
        return self.cpu_s * 1000 / len(self.ttfb_ms)


def replay(proxies: Sequence[Proxy], bodies: Sequence[bytes], events: int, gap_s: float, path: str) -> list[Series]:
    """Send each body once through each proxy, the order turning with every body; one connection for each proxy."""
    series = [Series() for _ in proxies]
    clients = [target.client() for target in proxies]
    before = [target.cpu_s() for target in proxies]
    for index, body in enumerate(bodies):
        order = range(len(proxies)) if index % 2 else range(len(proxies) - 1, -1, -1)
        for which in order:
            timing = clients[which].post(path, body, events, gap_s)
            series[which].ttfb_ms.append(timing.ttfb_ms)
            series[which].delays_ms += timing.delays_ms
    for which, target in enumerate(proxies):
        series[which].cpu_s = target.cpu_s() - before[which]
        clients[which].close()
    return series


def rows(proxies: Sequence[Proxy], conversations: Sequence[Recorded], rounds: int) -> list[Row]:
    first = [body for conversation in conversations for body in list(conversation.bodies())[-1:]]
    replay(proxies, first, 20, 0, PATH)
    later = [body for _ in range(rounds) for conversation in conversations for body in list(conversation.bodies())[1:]]
    bare, ours = replay(proxies, later, 20, 0, PATH)
    table = [
        Row("time to first byte, median", statistics.median(bare.ttfb_ms), statistics.median(ours.ttfb_ms), "ms", 1.10),
        Row("time to first byte, p95", p(bare.ttfb_ms, 0.95), p(ours.ttfb_ms, 0.95), "ms", 1.20),
        Row("CPU per request", bare.cpu_ms, ours.cpu_ms, "ms", 1.20),
    ]
    bare, ours = replay(proxies, later[:12], 100, 0.005, PATH)
    table.append(Row("delay of a stream event, p99", p(bare.delays_ms, 0.99), p(ours.delays_ms, 0.99), "ms", 1.0, True))
    bare, ours = replay(proxies, [AUTOCOMPLETE] * 200, 5, 0, AUTOCOMPLETE_PATH)
    median = statistics.median
    table.append(Row("autocomplete, median", median(bare.ttfb_ms), median(ours.ttfb_ms), "ms", 1.10))
    return table


def main() -> int:
    parser = argparse.ArgumentParser(prog="just bench", description=__doc__)
    parser.add_argument("--conversations", type=Path, help="folder of recorded conversations (0*.json)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each conversation is replayed (default 3)")
    parser.add_argument("--masking", action="store_true", help="only what masking saves and costs, for each policy")
    parser.add_argument("--dashboard", action="store_true", help="only the dashboard, over a million completions")
    parser.add_argument("--rows", type=int, default=1_000_000, help="with --dashboard: how many (default 1,000,000)")
    parser.add_argument("--store", type=Path, help="with --dashboard: a store to keep; made where there is none")
    parser.add_argument("--no-browser", action="store_true", help="with --dashboard: only what the store is asked")
    args = parser.parse_args()
    if args.dashboard:
        sys.stdout.write(f"{dashboard.run(args.rows, args.store, args.rounds, not args.no_browser)}\n")
        return 0
    conversations = load(args.conversations)
    if args.masking:
        sys.stdout.write(f"{masking.markdown(conversations, masking.run(conversations))}\n")
        return 0
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port, ca = stack.enter_context(upstream(folder))
        bare = stack.enter_context(proxy("bare", ROOT / "tests/bench/stream_only.py", folder, port, ca))
        ours = stack.enter_context(proxy("ours", ROOT / "addons/kimi.py", folder, port, ca))
        names = ", ".join(conversation.name for conversation in conversations)
        table = rows([bare, ours], conversations, args.rounds)
        table += first_sight.rows(bare, ours, conversations)
        sys.stdout.write(f"Conversations: {names}\n\n{markdown([*table, *recording.rows(folder)])}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
