"""What a check finds, and what it is given to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from addons.cli.programs import Ports


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
    """What to do about it; always there unless the level is FINE."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every check may look at."""

    environ: Mapping[str, str]
    ports: Ports


def fine(what: str) -> Finding:
    return Finding(Level.FINE, what)


def note(what: str, advice: str) -> Finding:
    return Finding(Level.NOTE, what, advice)


def wrong(what: str, advice: str) -> Finding:
    return Finding(Level.WRONG, what, advice)
