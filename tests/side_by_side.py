"""All tests, as two runs at once: `./just check`. One run keeps one core busy, and not even that while it waits.

One has the tests with most programs to wait for, and prints when all are done; the other has whatever that does not
name, so that no test can be left out. Each makes its own servers, stores and folders, as every run does.
"""

import shutil
import signal
import subprocess
import sys
import tempfile

from addons.domain.places import ROOT

PROGRAMS = ("tests/browser", "tests/e2e")
"""A half of the processor time, and far more than half of all waiting."""
PYTEST = (sys.executable, "-m", "pytest")


def main() -> int:
    """0 if all went well, else the status of one that did not."""
    rest = [f"--ignore={part}" for part in PROGRAMS]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen([*PYTEST, *rest], cwd=ROOT) as one,
        subprocess.Popen([*PYTEST, *PROGRAMS], cwd=ROOT, stdout=told, stderr=subprocess.STDOUT) as other,
    ):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C reaches both, which then clean up and say so
        statuses = [one.wait(), other.wait()]
        told.seek(0)
        shutil.copyfileobj(told, sys.stdout.buffer)
    return max(statuses, key=abs)  # negative: ended by a signal


if __name__ == "__main__":
    sys.exit(main())
