"""What can happen to the proxy's process: every signal at every moment, also while it starts; jumps of the clock."""

import re
import signal
import threading
import time
from contextlib import suppress

import httpx

from addons.services.simulator.script import Answer
from tests.e2e.harness import Product
from tests.faults.files import settings_in_use
from tests.faults.rig import Place, Rig
from tests.faults.store import proxy_of
from tests.faults.upstream import Came, send

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SLOW = Answer(text="slow " * 500, chunk_chars=5, chunk_delay_s=0.05)
STOPPED = ("upstream_abort", "the proxy was stopped")
NVIDIA = Place("nvidia", "integrate.api.nvidia.com", "/v1")
LIMITED = "[pacing]\nmax_wait_s = 1\n[providers.nvidia.limits]\nrequests_per_minute = 1\n[alerts]\nquiet_minutes = 0\n"
MINUTE_S = 60
REFUSED = 413
JUMPS_S = (3_600.0, -3_600.0, -86_400.0, 86_400.0, 40 * 86_400.0, -40 * 86_400.0)
"""One hour, one day, forty days; a certificate of the proxy's must still be valid."""


def gets_a_signal(rig: Rig, rounds: int) -> None:
    """SIGTERM, SIGINT, SIGHUP and SIGKILL in turn, up to two seconds after the first answer.

    Only of the last the next start tells, and once.
    """
    killed = []
    for number in range(rounds):
        which = (signal.SIGKILL, *STOPS)[number % 4]
        proxy_id = proxy_of(rig.product)
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
        if which == signal.SIGKILL:
            killed.append(proxy_id)
            rig.must_alert(f"store:The proxy {proxy_id} ended without a word at")
    told = sorted(key.split()[2] for key in rig.alerts() if "ended without a word" in key)
    rig.must(told == sorted(killed), f"told to have ended without a word: {told}, expected {sorted(killed)}")


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
        sent: list[Came] = []
        reading = threading.Thread(target=lambda sent=sent: sent.append(send(rig, SLOW)))
        reading.start()
        rig.simulator.inbox.wait(1)
        time.sleep(0.3)
        rig.product.stop(STOPS[number % 3])
        reading.join()
        rows = rig.product.query("SELECT outcome, error_message FROM completions WHERE model = ?", sent[0].model)
        rig.must([tuple(row.values()) for row in rows] == [STOPPED], f"recorded as {rows}")
        rig.simulator.inbox.clear()
        rig.product.start()
        rig.must_go_on()


def has_a_clock_that_jumps(rig: Rig, rounds: int) -> None:
    """Nobody waits, nothing is lost, and the sign of life goes on."""
    offset, proxy_id = 0.0, proxy_of(rig.product)
    with rig.traffic() as traffic:
        for number in range(rounds):
            offset += JUMPS_S[number % len(JUMPS_S)]
            rig.clock_file.write_text(str(offset))
            before = traffic.finished
            traffic.wait(10)
            rig.must(traffic.finished > before, f"traffic stood still after a jump to {offset:+.0f} s")
            rig.must(shows_life(rig, proxy_id, offset), f"no sign of life after a jump to {offset:+.0f} s")
    rig.clock_file.write_text("0")


def keeps_a_limit_while_its_clock_jumps(rig: Rig, rounds: int) -> None:
    """One request a minute: a jump back makes no wait longer, one ahead is taken for a laptop's sleep."""
    offset = 0.0
    with settings_in_use(rig, LIMITED):
        for jump in (JUMPS_S[0], *(JUMPS_S[number % len(JUMPS_S)] for number in range(1, rounds + 1))):
            offset += jump
            rig.clock_file.write_text(str(offset))
            came = send(rig, Answer(), place=NVIDIA, model="paced")
            if jump > 0:
                sent_at = time.monotonic()
                rig.must(came.status == httpx.codes.OK, f"{came.status} after a jump of {jump:+.0f} s, expected 200")
            elif time.monotonic() - sent_at < MINUTE_S - 1:
                left = re.search(rb"free again in about (\d+) s;", came.body)
                kept = came.status == REFUSED and left is not None and int(left[1]) <= MINUTE_S
                rig.must(kept, f"after a jump of {jump:+.0f} s: {came.status} {came.body[-200:]!r}")
        rig.clock_file.write_text("0")
        rig.must_alert("wait:nvidia")


def shows_life(rig: Rig, proxy_id: str, offset_s: float) -> bool:
    since_s = time.time() + offset_s - 5
    return rig.until(lambda: beat(rig, proxy_id) > since_s)


def beat(rig: Rig, proxy_id: str) -> float:
    """As its clock says it; 0.0 where that is later than the clock is now."""
    (row,) = rig.product.query("SELECT seen_at_ms FROM heartbeat WHERE proxy_id = ?", proxy_id)
    seen_s = float(row["seen_at_ms"]) / 1000
    now_s = time.time() + float(rig.clock_file.read_text())
    return seen_s if seen_s <= now_s + 1 else 0.0
