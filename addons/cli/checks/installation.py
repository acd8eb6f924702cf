"""Is what runs what the lock file says: Python, the packages, the tokenizer's file."""

import platform
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from addons.cli.checks.finding import Finding, Surroundings, fine, wrong
from addons.domain.places import ROOT
from addons.domain.tokens import TokenCounter

OLDEST_PYTHON = (3, 11)
LOCK = ROOT / "requirements.lock"
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?P<marker> ;)?", re.MULTILINE)
"""A pin, and whether it holds on some platforms or Python versions only."""


def python(_: Surroundings) -> Iterator[Finding]:
    running = f"Python {platform.python_version()} ({sys.executable})"
    if sys.version_info >= OLDEST_PYTHON:
        yield fine(running)
    else:
        yield wrong(f"{running} is too old", "Use Python 3.11 or newer; KIMI_PYTHON names one for ./just.")


def requirements(_: Surroundings) -> Iterator[Finding]:
    differing = differences(LOCK)
    if not differing:
        yield fine("The installed packages are those of requirements.lock")
        return
    shown = ", ".join(differing[:4]) + (f" and {len(differing) - 4} more" if len(differing) > 4 else "")
    yield wrong(
        f"Installed packages differ from requirements.lock: {shown}", "Remove .venv and run ./just doctor again."
    )


def differences(lock: Path) -> list[str]:
    """The packages that are missing, or installed in a version the lock does not name for any platform."""
    pins: dict[str, set[str]] = {}
    everywhere: set[str] = set()
    for pin in PIN.finditer(lock.read_text(encoding="utf-8")):
        pins.setdefault(pin["name"], set()).add(pin["version"])
        if not pin["marker"]:
            everywhere.add(pin["name"])
    found = []
    for name, versions in pins.items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            if name in everywhere:
                found.append(f"{name} is missing")
            continue
        if version not in versions:
            found.append(f"{name} is {version}, expected {' or '.join(sorted(versions))}")
    return found


def tokenizer(_: Surroundings) -> Iterator[Finding]:
    if reason := TokenCounter().reason:
        yield wrong(f"Token counts are estimates: {reason}", "Restore the file: git checkout -- addons/domain/ranks")
    else:
        yield fine("The tokenizer's file is there and is the one expected (SHA-256)")
