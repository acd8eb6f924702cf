"""`audit`: known vulnerabilities in what the lock files pin, as pip-audit knows them (PyPI's advisory database).

pip-audit is no requirement of this project: it is installed into an environment of its own that is thrown away.
"""

import subprocess
import sys
import tempfile
import venv
from argparse import ArgumentParser, Namespace
from pathlib import Path

from addons.domain.errors import UserError
from addons.domain.places import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PACKAGE = "pip-audit>=2.7,<3"
OFFLINE = (
    "Temporary failure in name resolution", "Name or service not known", "Max retries exceeded", "ConnectionError",
    "Could not find a version", "Network is unreachable", "nodename nor servname",
)  # fmt: skip
"""What pip and pip-audit say where there is no network."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--dev", action="store_true", help="what development needs, too")


def run(args: Namespace) -> int:
    """1 if something is known to be vulnerable."""
    locks = LOCKS if args.dev else LOCKS[:1]
    with tempfile.TemporaryDirectory(prefix="kimi-audit-") as folder:
        print("Installing pip-audit into an environment of its own ...", flush=True)
        python = installed(Path(folder))
        return max(audited(python, ROOT / lock) for lock in locks)


def installed(folder: Path) -> Path:
    """The Python of a new environment with pip-audit.

    :raises UserError: if it cannot be installed.
    """
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(reason("pip-audit could not be installed", done.stderr))
    return python


def audited(python: Path, lock: Path) -> int:
    """Each package of the lock by its version and hashes; nothing of it is installed.

    :raises UserError: if the advisories could not be asked for.
    """
    command = [str(python), "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    done = subprocess.run([*command, "--requirement", str(lock)], capture_output=True, text=True, check=False)
    sys.stdout.write(done.stdout)
    if done.returncode and not done.stdout.strip():
        raise UserError(reason(f"{lock.name} could not be looked through", done.stderr))
    print(f"{lock.name}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'looked through'}")
    return 1 if done.returncode else 0


def reason(what: str, said: str) -> str:
    """One line for the person."""
    if any(sign in said for sign in OFFLINE):
        return f"{what}: the network is needed for it, and pypi.org does not answer; try again when there is one."
    last = said.strip().splitlines()[-1] if said.strip() else "no reason was given"
    return f"{what}: {last[:300]}"
