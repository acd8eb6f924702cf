"""What a check finds, and what it is given to look at."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from addons.cli.checks.lines import Platform
from addons.cli.connect import proxy_url
from addons.cli.programs import Ports
from addons.domain import places


class Level(StrEnum):
    FINE = "fine"
    NOTE = "note"
    """Not used, not running, or not there yet: worth knowing, nothing is broken."""
    WRONG = "wrong"
    """Something will not work until it is put right."""


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    """What was looked at and how it stands."""
    advice: str = ""
    """What to do about it, lines to paste included; always there unless the level is FINE."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every check may look at."""

    environ: Mapping[str, str]
    ports: Ports
    platform: Platform = field(default_factory=lambda: Platform.of(sys.platform))

    @property
    def certificate(self) -> Path:
        return places.authority_certificate(self.environ)

    @property
    def proxy_url(self) -> str:
        return proxy_url(self.ports)

    @property
    def variables(self) -> dict[str, str]:
        """What a client needs in its environment to come through the HTTPS proxy."""
        return {"HTTPS_PROXY": self.proxy_url, "NODE_EXTRA_CA_CERTS": str(self.certificate)}


def fine(what: str) -> Finding:
    return Finding(Level.FINE, what)


def note(what: str, advice: str) -> Finding:
    return Finding(Level.NOTE, what, advice)


def wrong(what: str, advice: str) -> Finding:
    return Finding(Level.WRONG, what, advice)
