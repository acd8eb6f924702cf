"""What all of a selection of masked originals comes to, for the figures above their table."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.models import Decision, Original, SessionOriginal
from db.queries.masked import MaskedFilter, about, count, needed, uses_in

SUMMED = 2_000
"""Decisions that are read for one answer: each holds the text of its digests, and takes some ten microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digested:
    """Tokens of all messages that hold these originals, each message once. Estimates."""

    before_tokens: int
    after_tokens: int
    sessions: int
    """Whose messages these are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedSums:
    originals: int
    """Each once for every session that needs it; `COUNT_LIMIT + 1` means more than that."""
    digested: Digested | None
    """None where it would take too long to add up."""


def sums(tx: Connection, wanted: MaskedFilter) -> MaskedSums:
    originals = count(tx, wanted)
    return MaskedSums(originals=originals, digested=_digested(tx, wanted) if originals <= SUMMED else None)


def _digested(tx: Connection, wanted: MaskedFilter) -> Digested | None:
    places = select(SessionOriginal.session_id, SessionOriginal.tag).where(*needed(wanted))
    if asked := about(wanted):
        places = places.join(Original, Original.tag == SessionOriginal.tag).where(*asked)
    found = {(row.session_id, row.tag) for row in tx.execute(places.limit(SUMMED))}
    sessions = {session_id for session_id, _tag in found}
    if _decisions(tx, sessions) > SUMMED:
        return None
    uses = [use for use in uses_in(tx, sessions) if (use.session_id, use.tag) in found]
    return Digested(
        sessions=len(sessions),
        before_tokens=sum(use.tokens_before for use in uses),
        after_tokens=sum(use.tokens_after for use in uses),
    )


def _decisions(tx: Connection, session_ids: Collection[str]) -> int:
    """How many these sessions have, never more than `SUMMED + 1`."""
    some = select(Decision.session_id).where(Decision.session_id.in_(session_ids)).limit(SUMMED + 1).subquery()
    return tx.scalar(select(func.count()).select_from(some)) or 0
