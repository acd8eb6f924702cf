"""All faults, in the order of the table."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import client, files, garbage, process, store, upstream
from tests.faults.rig import Rig, SkipError, Tally, said


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    run: Callable[[Rig, int], None]
    rounds: int
    """Of the recipe."""
    few: int = 2
    """Of the normal test run."""
    alert: str = ""
    """The rule of the alert that tells the person; "" where there is nothing to tell, and nothing is told."""


FAULTS = (
    Fault("upstream refuses", upstream.refuses, 10, 2, "errors"),
    Fault("upstream resets", upstream.resets, 30, 2, "errors"),
    Fault("upstream stalls", upstream.stalls, 20, 2),
    Fault("upstream sends garbage", garbage.says_nonsense, 2 * len(garbage.KINDS), len(garbage.KINDS), "errors"),
    Fault("upstream cuts a stream at any byte", upstream.cuts_streams, 200, 6, "errors"),
    Fault("upstream cuts a head at any byte", upstream.cuts_heads, 60, 4, "errors"),
    Fault("client hangs up when connected", client.when_connected, 100, 4),
    Fault("client hangs up in the handshake", client.in_the_handshake, 100, 6),
    Fault("client hangs up in the head", client.in_the_head, 100, 8),
    Fault("client hangs up in the body", client.in_the_body, 100, 8),
    Fault("client hangs up before the answer", client.before_the_answer, 30, 3),
    Fault("client hangs up in the stream", client.in_the_stream, 30, 3),
    Fault("client hangs up before the last event", client.before_the_last_event, 30, 2),
    Fault("client hangs up waiting for a limit", client.while_waiting_for_a_limit, 5, 1, "near"),
    Fault("database locked for 6.5 s", store.is_locked, 5, 1, "store"),
    Fault("database may not grow", store.takes_no_more_bytes, 10, 1, "store"),
    Fault("disk full", store.is_on_a_full_disk, 5, 1, "store"),
    Fault("database read-only", store.is_read_only, 5, 1, "store"),
    Fault("database deleted", store.is_deleted, 10, 2, "store"),
    Fault("database replaced by a backup", store.is_replaced, 10, 1, "store"),
    Fault("database damaged", store.is_damaged, 10, 2, "store"),
    Fault("database damaged while no proxy runs", store.is_damaged_at_rest, 6, 2, "store"),
    Fault("two proxies on one database, one killed", store.serves_two_proxies, 5, 1, "store"),
    Fault("settings file broken", files.settings_are_broken, 12, 2, "settings"),
    Fault("IDE log rotated, truncated, deleted", files.the_ide_log_goes_away, 10, 1),
    Fault("clock jumps", process.has_a_clock_that_jumps, 12, 4),
    Fault("clock jumps under a rate limit", process.keeps_a_limit_while_its_clock_jumps, 12, 6, "wait"),
    Fault("stopped in a stream", process.stops_in_a_stream, 9, 1),
    Fault("signals and kills at random moments", process.gets_a_signal, 50, 4, "store"),
    Fault("signals and kills while it starts", process.gets_a_signal_at_its_start, 20, 1),
)


def tried(rig: Rig, fault: Fault, rounds: int) -> Tally:
    """Whatever is raised is the fault's verdict; the next one meets a product that has been started anew."""
    try:
        rig.begin()
        fault.run(rig, rounds)
        rig.must_be_recorded()
        rig.must_be_intact()
        if fault.alert:
            rig.must(fault.alert in rig.tally.told, f"nothing asked for an alert of the rule {fault.alert}")
        else:
            rig.must(not rig.unwanted(), f"alerts {rig.unwanted()}, expected none")
    except SkipError as reason:
        rig.tally.skipped = str(reason)
    except Exception as error:  # noqa: BLE001 - told in the table, and the others are still tried
        rig.must(False, said(error))
        if rig.product.process:
            rig.product.stop(9)
    return rig.tally
