"""What a predecessor's row becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from addons.domain.completion import Completion
from addons.domain.decisions import Original
from addons.domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OldSession:
    id: str
    name: str
    provider: str
    model: str
    created_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OldOriginal:
    original: Original
    alias: str
    """The predecessor's own hash, or ""."""
    owner: OldSession | None = None
    """A session to be made for it, where the file has none."""


class Amounts(NamedTuple):
    """What a request adds to the sums, read off the old row itself and not off what it became: to check that by."""

    estimated_tokens: int = 0
    """The column of that name."""
    overwritten_tokens: int = 0
    """The part of it that the predecessor had overwritten with the reported total."""
    prompt_tokens: int = 0
    """As the predecessor summed them: reported, else its estimate."""
    completion_tokens: int = 0
    memory_tokens: int = 0


NOTHING = Amounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of one table."""

    key: str
    """The same whenever and from whatever copy it is read (`identity`)."""
    table: str
    old_id: str
    session_id: str | None
    becomes: OldSession | Completion | OldOriginal | Event | None
    """None: only `data` is kept."""
    data: Mapping[str, object] = field(default_factory=dict)
    """The old row, as far as `becomes` does not hold it."""
    amounts: Amounts = NOTHING
    notes: tuple[str, ...] = ()
    """What is odd about it, in words that are counted in the report."""
