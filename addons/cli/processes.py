"""Child processes that live and end together: started, awaited, relayed to the terminal, stopped.

Each child gets a session of its own, so that Ctrl-C reaches this process alone and every child sees one signal.
While a `Processes` is open, SIGINT, SIGTERM and SIGHUP raise `StopSignal` in the main thread; leaving the `with` block
sends SIGTERM to the children, waits `GRACE_S`, and kills what is still there. A second signal kills at once.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Self

from addons.domain.errors import UserError
from addons.domain.places import ROOT

GRACE_S = 10.0
"""From the signal to the kill. The proxy needs well under a second to write its last records; a busy machine more."""
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignal(KeyboardInterrupt):
    """Somebody asked us to stop; a KeyboardInterrupt, so that asyncio unwinds as it does for Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and how to see that it is up."""

    name: str
    """Prefix of its lines on the terminal."""
    command: tuple[str, ...]
    answers: Callable[[], bool]
    """True once it serves; must return within a second or two and not raise."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """Added to this process's own environment."""


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[str]
    relay: threading.Thread


class Processes:
    """`with Processes() as processes:` start, wait_until_ready, then wait_until_one_ends or work of one's own."""

    def __init__(self, say: Callable[[str], None] | None = None, grace_s: float = GRACE_S) -> None:
        """`say` prints one line; it is called from several threads."""
        self._say = say or _print_line
        self._grace_s = grace_s
        self._children: list[_Child] = []
        self._previous: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}
        self._stopping = False
        self._impatient = False

    def __enter__(self) -> Self:
        self._previous = {number: signal.signal(number, self._on_signal) for number in STOP_SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping = True
        self.stop()
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def start(self, program: Program) -> None:
        """Run it with its output relayed line by line; raise UserError if the system cannot run it."""
        environ = os.environ | {"PYTHONUNBUFFERED": "1"} | dict(program.environ)
        try:
            process = subprocess.Popen(
                program.command,
                cwd=ROOT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise UserError(f"{program.name}: cannot run {program.command[0]}: {error.strerror}") from error
        relay = threading.Thread(target=self._relay, args=(program.name, process), daemon=True)
        self._children.append(_Child(program, process, relay))
        relay.start()

    def wait_until_ready(self, timeout_s: float = 60.0) -> None:
        """Return once every program answers; raise UserError if one ends before that, or the time is up."""
        deadline = time.monotonic() + timeout_s
        waiting = [child.program for child in self._children]
        while waiting:
            if ended := self._ended():
                raise UserError(f"{ended}; what it printed stands above")
            waiting = [program for program in waiting if not program.answers()]
            if waiting and time.monotonic() > deadline:
                raise UserError(f"{waiting[0].name}: no answer within {timeout_s:.0f} s; what it printed stands above")
            time.sleep(0.1)

    def wait_until_one_ends(self) -> int:
        """Block until a program ends by itself, say which, and return a status that is not 0."""
        while not (ended := self._ended()):
            time.sleep(0.2)
        self._say(f"{ended}; stopping the rest")
        return 1

    def stop(self) -> None:
        """Ask every program that still runs to end; kill it after the grace. Idempotent.

        SIGTERM whatever the signal was that we got: mitmdump would not finish its work on SIGHUP, and Streamlit calls
        SIGINT an abort.
        """
        running = [child for child in self._children if child.process.poll() is None]
        for child in running:
            child.process.terminate()
        deadline = time.monotonic() + self._grace_s
        for child in running:
            while child.process.poll() is None and time.monotonic() < deadline and not self._impatient:
                time.sleep(0.05)
            if child.process.poll() is None:
                os.killpg(child.process.pid, signal.SIGKILL)  # it has not been waited for, so the pid is still its own
                child.process.wait()
                self._say(f"{child.program.name}: did not stop in time; killed")
        for child in self._children:
            child.relay.join(timeout=1.0)

    def _ended(self) -> str | None:
        for child in self._children:
            status = child.process.poll()
            if status is not None:
                return f"{child.program.name} ended by itself, status {status}"
        return None

    def _relay(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                if text := line.rstrip():
                    self._say(f"{name:<9} | {text}")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._stopping:
            self._impatient = True
        else:
            raise StopSignal(number)


def _print_line(text: str) -> None:
    """One write a line, so that lines of several threads do not mix."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
