"""All tests, as three runs at once: `./just check`. One run keeps one core busy, and not even that while it waits.

Two have the tests that start programs, and print when all are done; the third has whatever those do not name, so that
no test can be left out. Each makes its own servers, stores and folders, as every run does.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from addons.domain.places import ROOT

PROGRAMS = (("tests/browser",), ("tests/e2e", "tests/faults", "tests/soak"))
"""A half of the processor time, and far more than half of all waiting."""
PYTEST = (sys.executable, "-m", "pytest")


def main() -> int:
    """0 if all went well, else the status of one that did not."""
    rest = [f"--ignore={part}" for parts in PROGRAMS for part in parts]
    with ExitStack() as stack:
        running = [stack.enter_context(subprocess.Popen([*PYTEST, *rest], cwd=ROOT))]
        told = [stack.enter_context(tempfile.TemporaryFile()) for _ in PROGRAMS]
        for parts, file in zip(PROGRAMS, told, strict=True):
            command = [*PYTEST, *parts]
            running.append(
                stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT))
            )
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C reaches all of them, which then clean up and say so
        statuses = [each.wait() for each in running]
        for file in told:
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
    return max(statuses, key=abs)  # negative: ended by a signal


if __name__ == "__main__":
    sys.exit(main())
