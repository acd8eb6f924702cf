"""What is read of the requests of a few sessions: how they went lately, and where one could be split."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from addons.domain.kinds import FILLS_CONTEXT
from db.models import Completion

_FILLING = Completion.kind.in_(sorted(map(str, FILLS_CONTEXT)))

# Built once, and carried out for each session: one statement for all of them would be made anew for each page.
_LATEST_FILLS = (
    select(Completion.context_fill)
    .where(Completion.session_id == bindparam("session_id"))
    .order_by(Completion.started_at_ms.desc())
    .limit(bindparam("length"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStart:
    """The first request of a turn."""

    id: int
    turn: int
    started_at_ms: int
    model: str
    prompt_tokens: int | None
    """Reported, else estimated."""


def fill_trends(tx: Connection, session_ids: Sequence[str], length: int) -> dict[str, list[float]]:
    """The context fill (0..1) of the latest requests of each session, at most `length`, the oldest first.

    One look at the index for each session: to be asked for a page of them, not for all.
    """
    found: dict[str, list[float]] = {}
    for session_id in session_ids:
        rows = tx.execute(_LATEST_FILLS, {"session_id": session_id, "length": length}).all()
        if fills := [row.context_fill for row in reversed(rows) if row.context_fill is not None]:
            found[session_id] = fills
    return found


def turn_starts(tx: Connection, session_id: str, limit: int = 200) -> list[TurnStart]:
    """The latest first, the session's very first request left out: nothing comes before it."""
    its = (Completion.session_id == session_id, _FILLING, Completion.turn.is_not(None))
    place = func.row_number().over(partition_by=Completion.turn, order_by=(Completion.started_at_ms, Completion.id))
    numbered = select(Completion.id, place.label("place")).where(*its).subquery()
    first = select(Completion.id).where(Completion.session_id == session_id)
    first = first.order_by(Completion.started_at_ms, Completion.id).limit(1)
    query = select(
        Completion.id,
        Completion.turn,
        Completion.started_at_ms,
        Completion.model,
        func.coalesce(Completion.prompt_tokens, Completion.prompt_tokens_sent).label("prompt_tokens"),
    ).join(numbered, numbered.c.id == Completion.id)
    query = query.where(numbered.c.place == 1, Completion.id.not_in(first.scalar_subquery()))
    rows = tx.execute(query.order_by(Completion.started_at_ms.desc(), Completion.id.desc()).limit(limit)).mappings()
    return [TurnStart(**row) for row in rows]
