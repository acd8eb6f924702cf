"""What can happen to the proxy's process: every signal at every moment, also while it starts; jumps of the clock."""

import signal
import threading
import time
from contextlib import suppress

from addons.services.simulator.script import Answer
from tests.e2e.harness import Product
from tests.faults.rig import Rig
from tests.faults.upstream import send

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SLOW = Answer(text="slow " * 500, chunk_chars=5, chunk_delay_s=0.05)
STOPPED = ("upstream_abort", "the proxy was stopped")
JUMPS_S = (3_600.0, -3_600.0, -86_400.0, 86_400.0, 40 * 86_400.0, -40 * 86_400.0)
"""One hour, one day, forty days; a certificate of the proxy's must still be valid."""


def gets_a_signal(rig: Rig, rounds: int) -> None:
    """SIGTERM, SIGINT, SIGHUP and SIGKILL in turn, up to two seconds after the first answer."""
    for number in range(rounds):
        which = (signal.SIGKILL, *STOPS)[number % 4]
        with rig.traffic(may_fail=True) as traffic:
            traffic.wait(rig.random.randrange(1, 20))
            time.sleep(rig.random.random() * 0.5)
            sent_at = time.monotonic()
            status = rig.product.stop(which)
        rig.must(which == signal.SIGKILL or status == 0, f"status {status} after {which.name}")
        rig.must_be_recorded(killed_at=sent_at if which == signal.SIGKILL else None)
        rig.must_be_intact()
        rig.product.start()
        rig.must_go_on()


def gets_a_signal_at_its_start(rig: Rig, rounds: int) -> None:
    """Up to three seconds after it was started, on a store that is made at this moment."""
    for number in range(rounds):
        product = rig.another(f"young-{number}")
        which = rig.random.choice((signal.SIGKILL, *STOPS))
        starting = threading.Thread(target=start, args=(product,))
        starting.start()
        time.sleep(rig.random.random() * 3)
        rig.must(rig.until(lambda product=product: product.process is not None), "it was not started")  # type: ignore[misc]
        product.stop(which)
        starting.join()
        product.start()
        rig.must_go_on(product)
        rig.must_be_recorded(product.database)
        rig.must_be_intact(product.database)
        product.stop(signal.SIGKILL)


def start(product: Product) -> None:
    with suppress(RuntimeError):  # it was stopped before it had started
        product.start()


def stops_in_a_stream(rig: Rig, rounds: int) -> None:
    """The call is recorded as ours to break off, not as the client's or the provider's."""
    for number in range(rounds):
        sent: list[tuple[str, bytes, int | None]] = []
        reading = threading.Thread(target=lambda sent=sent: sent.append(send(rig, SLOW)))
        reading.start()
        rig.simulator.inbox.wait(1)
        time.sleep(0.3)
        rig.product.stop(STOPS[number % 3])
        reading.join()
        rows = rig.product.query("SELECT outcome, error_message FROM completions WHERE model = ?", sent[0][0])
        rig.must([tuple(row.values()) for row in rows] == [STOPPED], f"recorded as {rows}")
        rig.simulator.inbox.clear()
        rig.product.start()
        rig.must_go_on()


def has_a_clock_that_jumps(rig: Rig, rounds: int) -> None:
    """Nobody waits, nothing is lost, and the sign of life goes on."""
    offset, proxy_id = 0.0, newest(rig)
    with rig.traffic() as traffic:
        for number in range(rounds):
            offset += JUMPS_S[number % len(JUMPS_S)]
            rig.clock_file.write_text(str(offset))
            began = time.monotonic()
            traffic.wait(10)
            rig.must(time.monotonic() - began < 10, f"traffic stood still after a jump to {offset:+.0f} s")
            rig.must(shows_life(rig, proxy_id, offset), f"no sign of life after a jump to {offset:+.0f} s")
    rig.clock_file.write_text("0")


def shows_life(rig: Rig, proxy_id: str, offset_s: float) -> bool:
    since_s = time.time() + offset_s - 5
    return rig.until(lambda: beat(rig, proxy_id) > since_s, 5)


def newest(rig: Rig) -> str:
    return str(rig.product.query("SELECT proxy_id FROM heartbeat ORDER BY seen_at_ms DESC LIMIT 1")[0]["proxy_id"])


def beat(rig: Rig, proxy_id: str) -> float:
    """As its clock says it; 0.0 where that is later than the clock is now."""
    (row,) = rig.product.query("SELECT seen_at_ms FROM heartbeat WHERE proxy_id = ?", proxy_id)
    seen_s = float(row["seen_at_ms"]) / 1000
    now_s = time.time() + float(rig.clock_file.read_text())
    return seen_s if seen_s <= now_s + 1 else 0.0
