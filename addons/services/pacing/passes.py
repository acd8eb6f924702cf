"""What the pacer answers, and whom it tells."""

from collections.abc import Iterable
from dataclasses import dataclass

from addons.domain.pacing.cost import Cost
from addons.domain.pacing.lane import Lane
from addons.domain.pacing.limit import LimitKind
from addons.services.pacing.counters import Level


@dataclass(frozen=True, slots=True)
class Full:
    """Why a request cannot go now."""

    until_s: float
    """Since 1970: not before this."""
    kind: LimitKind | None
    limit: int | None


@dataclass(slots=True)
class Pass:
    """A request may go. To be handed back with `Pacer.ended` when its answer has ended."""

    lane: Lane
    cost: Cost
    at_s: float
    slots: list[tuple[str, str]]
    """Key and lease of each place among the requests under way."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It would have to wait too long."""

    full: Full


class Gone(Exception):
    """The client hung up while it waited."""


class Observer:
    """What the pacer tells; each does nothing here."""

    def took(self, lane: Lane, levels: Iterable[tuple[Level, int]]) -> None:
        """A request went out: each bucket, and how many portions it took."""

    def storage_failed(self, error: str) -> None:
        """Everything passes from now on."""

    def storage_answers(self) -> None:
        """Limits are kept again."""
