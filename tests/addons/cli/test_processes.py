"""Real child processes: started, relayed, stopped."""

import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from addons.cli.processes import Processes, Program, StopSignal
from addons.domain.errors import UserError

OBEDIENT = "import time; print('up', flush=True)\nwhile True: time.sleep(0.05)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + OBEDIENT
NAMES_ITS_SIGNAL = """
import signal, sys, time
def tell(number, frame):
    print('got', signal.Signals(number).name, flush=True)
    sys.exit(0)
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, tell)
print('up', flush=True)
while True: time.sleep(0.05)
"""


class Lines(list[str]):
    """What was said, and whether a word was among it."""

    def having(self, word: str) -> bool:
        return any(word in line for line in self)


def python(name: str, code: str, lines: Lines) -> Program:
    return Program(name, (sys.executable, "-c", code), answers=lambda: lines.having(f"{name:<9} | up"))


def test_output_is_relayed_under_the_programs_name() -> None:
    lines = Lines()
    with Processes(lines.append) as processes:
        processes.start(python("proxy", OBEDIENT, lines))
        processes.wait_until_ready(120)
    assert lines == ["proxy     | up"]


def test_both_programs_are_gone_afterwards() -> None:
    lines = Lines()
    with Processes(lines.append) as processes:
        for name in ("proxy", "dashboard"):
            processes.start(python(name, OBEDIENT, lines))
        processes.wait_until_ready(120)
        children = [child.process for child in processes._children]
        assert [child.poll() for child in children] == [None, None]
    assert [child.poll() for child in children] == [-signal.SIGTERM, -signal.SIGTERM]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_every_signal_that_asks_us_to_stop_ends_the_programs_in_good_order(number: signal.Signals) -> None:
    lines = Lines()
    with pytest.raises(StopSignal) as caught, Processes(lines.append) as processes:
        processes.start(python("proxy", NAMES_ITS_SIGNAL, lines))
        processes.wait_until_ready(120)
        threading.Timer(0.1, signal.raise_signal, [number]).start()
        processes.wait_until_one_ends()
    assert caught.value.number == number
    assert lines.having("got SIGTERM")


def test_the_previous_signal_handlers_are_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Processes(Lines().append):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_one_that_does_not_stop_is_killed_after_the_grace() -> None:
    lines = Lines()
    with Processes(lines.append, grace_s=0.2) as processes:
        processes.start(python("proxy", STUBBORN, lines))
        processes.wait_until_ready(120)
        started = time.monotonic()
    assert time.monotonic() - started < 60
    assert lines.having("proxy: did not stop in time; killed")


def interrupt_the_stop_of(processes: Processes) -> None:
    while not processes._stopping:
        time.sleep(0.01)
    signal.raise_signal(signal.SIGINT)


def test_a_second_signal_ends_the_grace() -> None:
    lines = Lines()
    started = time.monotonic()
    with Processes(lines.append, grace_s=600) as processes:
        processes.start(python("proxy", STUBBORN, lines))
        processes.wait_until_ready(120)
        threading.Thread(target=interrupt_the_stop_of, args=(processes,)).start()
    assert time.monotonic() - started < 300
    assert lines.having("proxy: did not stop in time; killed")


def test_one_that_ends_by_itself_stops_the_wait_and_is_named() -> None:
    lines = Lines()
    with Processes(lines.append) as processes:
        processes.start(python("proxy", OBEDIENT, lines))
        processes.start(python("dashboard", "print('up'); raise SystemExit(3)", lines))
        assert processes.wait_until_one_ends() == 1
    assert lines.having("dashboard ended by itself, status 3; stopping the rest")


def test_one_that_ends_before_it_answers_is_an_error() -> None:
    with pytest.raises(UserError, match="proxy ended by itself, status 1"), Processes(Lines().append) as processes:
        processes.start(Program("proxy", (sys.executable, "-c", "raise SystemExit(1)"), answers=lambda: False))
        processes.wait_until_ready(120)


def test_one_that_never_answers_is_an_error() -> None:
    lines = Lines()
    with pytest.raises(UserError, match="proxy: no answer within 0 s"), Processes(lines.append) as processes:
        processes.start(Program("proxy", (sys.executable, "-c", OBEDIENT), answers=lambda: False))
        processes.wait_until_ready(0.1)


def test_one_that_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    missing = tmp_path / "mitmdump"
    with pytest.raises(UserError, match=r"proxy: cannot run .*mitmdump: No such file"), Processes() as processes:
        processes.start(Program("proxy", (str(missing),), answers=lambda: True))
