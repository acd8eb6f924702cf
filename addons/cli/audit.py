"""`audit`: known vulnerabilities in what the lock files pin, as pip-audit knows them (PyPI's advisory database).

pip-audit is no requirement of this project: it is installed into an environment of its own that is thrown away.
"""

import json
import subprocess
import tempfile
import venv
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

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
    """Each package of the lock by its version and hashes; nothing of it is installed. 1 if it is not clean.

    :raises UserError: if the advisories could not be asked for.
    """
    command = [str(python), "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    command += ["--format", "json", "--requirement", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError) as error:
        raise UserError(reason(f"{lock.name} could not be looked through", done.stderr)) from error
    return told(lock.name, packages)


def told(name: str, packages: list[dict[str, Any]]) -> int:
    """1 where something is vulnerable, or was not asked for: a package that was left out is no package that is safe.

    :raises UserError: if no advisory was there for any of them, as behind a mirror that only has the files.
    """
    skipped = [package for package in packages if "skip_reason" in package]
    if skipped and len(skipped) == len(packages):
        raise UserError(f"{name}: no package could be looked up; the first: {skipped[0]['skip_reason']}")
    for package in skipped:
        print(f"{package['name']}: not looked up: {package['skip_reason']}")
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        for found in package["vulns"]:
            cured = ", ".join(found.get("fix_versions", ())) or "no release yet"
            print(f"{package['name']} {package['version']}: {found['id']}; cured by {cured}")
    print(f"{name}: {len(vulnerable)} of {len(packages) - len(skipped)} packages are known to be vulnerable")
    return 1 if vulnerable or skipped else 0


def reason(what: str, said: str) -> str:
    """One line for the person."""
    if any(sign in said for sign in OFFLINE):
        return f"{what}: the network is needed for it, and pypi.org does not answer; try again when there is one."
    last = said.strip().splitlines()[-1] if said.strip() else "no reason was given"
    return f"{what}: {last[:300]}"
