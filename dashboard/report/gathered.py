"""All that a report says, asked of the store."""

from dataclasses import dataclass

from addons.domain.composition import Composition
from dashboard import data, sums
from dashboard.components.tile import Tile
from dashboard.components.tiles import tiles_of
from dashboard.data import (
    CompressionFilter,
    CompressionRow,
    EpochRow,
    LiveRow,
    RequestFilter,
    RequestRow,
    Savings,
    SavingsFilter,
    SessionRow,
)
from dashboard.figures import latest_in_context

DRAWN = 250
"""The latest requests that charts have room for."""
LISTED = 1_000
"""The latest requests in the table; an export has all of them."""
EPOCHS, COMPRESSIONS = 500, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """One session at one moment."""

    session: SessionRow
    tiles: tuple[Tile, ...]
    drawn: list[tuple[int, LiveRow]]
    """The latest DRAWN requests with their numbers, oldest first."""
    listed: list[RequestRow]
    """The latest LISTED requests, oldest first."""
    savings: Savings
    epochs: list[EpochRow]
    compressions: list[CompressionRow]
    made_of: Composition | None
    """The latest prompt; None where that is not recorded."""

    @property
    def errors(self) -> list[RequestRow]:
        return [row for row in self.listed if row.outcome != "ok"]

    @property
    def models(self) -> list[tuple[str, str]]:
        """Provider and model, in the order of their first request among the listed."""
        return list(dict.fromkeys((row.provider, row.model) for row in self.listed))


def gather(session_id: str) -> Gathered | None:
    """None where there is no such session, or it is deleted.

    :raises StoreUnavailable: if there is no store, or it does not answer.
    """
    session = data.session(session_id)
    if session is None:
        return None
    tail = data.session_tail(session_id, DRAWN)
    last = latest_in_context(tail.rows)
    return Gathered(
        session=session,
        tiles=tiles_of(session, tail.rows),
        drawn=list(enumerate(tail.rows, start=tail.total - len(tail.rows) + 1)),
        listed=data.requests_page(RequestFilter(session_id=session_id), LISTED)[::-1],
        savings=sums.total(data.savings_by_provider(SavingsFilter(session_id=session_id))),
        epochs=data.epochs(SavingsFilter(session_id=session_id), EPOCHS)[::-1],
        compressions=data.compressions(CompressionFilter(session_id=session_id), COMPRESSIONS)[::-1],
        made_of=data.composition_of(last.id) if last else None,
    )
