"""Which records are meant, as a person says it: on the command line, or in an address of the dashboard."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from addons.domain.completion import Outcome
from addons.domain.errors import UserError
from addons.domain.kinds import Kind
from addons.domain.settings.documents import shown

UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
LONGEST = 300
"""Characters of a name; the longest of ours (a model's) are a third of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which completions; what is None does not choose."""

    session: str | None = None
    """Its id."""
    project: str | None = None
    provider: str | None = None
    model: str | None = None
    kind: str | None = None
    outcome: str | None = None
    user: str | None = None
    """Whose proxies recorded them."""
    proxy: str | None = None
    """The id of the proxy that recorded them."""
    since: int | None = None
    """Milliseconds since 1970."""
    until: int | None = None
    """Likewise; that moment itself is not part of the time."""


def selection(given: Mapping[str, str], now_ms: int) -> Selection:
    """:raises UserError: naming the filter, its value and what is accepted."""
    if unknown := sorted(set(given) - set(ACCEPTED)):
        raise UserError(f"{shown(unknown[0])} is no filter; expected {one_of(ACCEPTED)}")
    values: dict[str, Any] = {name: accepted(name, text, now_ms) for name, text in given.items()}
    found = Selection(**values)
    if found.since is not None and found.until is not None and found.until <= found.since:
        raise UserError(f"until is {shown(given['until'])}; expected a time after since, {shown(given['since'])}")
    return found


def accepted(name: str, text: str, now_ms: int) -> str | int:
    """The value that is meant.

    :raises UserError: naming the filter, its value and what is accepted.
    """
    read, expected = ACCEPTED[name]
    found = read(text, now_ms)
    if found is None:
        raise UserError(f"{name} is {shown(text)}; expected {expected}")
    return found


def one_of(names: Iterable[str]) -> str:
    """ "a, b or c"."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _name(text: str, _now_ms: int) -> str | None:
    return text if 0 < len(text) <= LONGEST else None


def _project(text: str, _now_ms: int) -> str | None:
    """May be empty: what belongs to no project."""
    return text if len(text) <= LONGEST else None


def _kind(text: str, _now_ms: int) -> str | None:
    return text if text in set(Kind) else None


def _outcome(text: str, _now_ms: int) -> str | None:
    return text if text in set(Outcome) else None


def _moment(text: str, now_ms: int) -> int | None:
    """An ISO date or time (UTC where it names no zone), or a time span before now."""
    if span := re.fullmatch(r"([0-9]{1,6})([mhd])", text):
        return now_ms - int(span[1]) * UNIT_MS[span[2]]
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1_000)


_TIME = "a time such as 2026-11-01 or 2026-11-01T09:30 (UTC), or a span before now such as 7d, 24h or 30m"
_NAME = f"1 to {LONGEST} characters"

ACCEPTED: Mapping[str, tuple[Callable[[str, int], str | int | None], str]] = {
    "session": (_name, f"a session's id of {_NAME}"),
    "project": (_project, f"a project of at most {LONGEST} characters"),
    "provider": (_name, f"a provider's key of {_NAME}"),
    "model": (_name, f"a model's id of {_NAME}"),
    "kind": (_kind, one_of(Kind)),
    "outcome": (_outcome, one_of(Outcome)),
    "user": (_name, f"a user of {_NAME}, as providers.toml names one in [team]"),
    "proxy": (_name, f"a proxy's id of {_NAME}"),
    "since": (_moment, _TIME),
    "until": (_moment, _TIME),
}
"""By the field of Selection that it fills: how a filter's text is read (None: it cannot be), and what is accepted."""
