"""All tests, as two runs at once, for one run keeps only one core busy: `./just check`.

One has the tests that start programs and wait for them, and prints when both are done; the other has whatever the first
does not name, so that no test can be in neither. Each makes its own servers, stores and folders, as every run does.
"""

import shutil
import signal
import subprocess
import sys
import tempfile

from addons.domain.places import ROOT

PROGRAMS = ("tests/e2e", "tests/browser")
"""What takes about half of the time."""
PYTEST = (sys.executable, "-m", "pytest")


def main() -> int:
    """0 if both went well, else the status of one that did not."""
    rest = [f"--ignore={part}" for part in PROGRAMS]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen([*PYTEST, *PROGRAMS], cwd=ROOT, stdout=told, stderr=subprocess.STDOUT) as programs,
        subprocess.Popen([*PYTEST, *rest], cwd=ROOT) as others,
    ):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C reaches both, which then clean up and say so
        statuses = others.wait(), programs.wait()
        told.seek(0)
        shutil.copyfileobj(told, sys.stdout.buffer)
    return max(statuses, key=abs)  # negative: ended by a signal


if __name__ == "__main__":
    sys.exit(main())
