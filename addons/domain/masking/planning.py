"""Which messages of a request are masked now: on arrival, or because an epoch opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from addons.domain.epochs import Candidate, Epoch, Situation, plan
from addons.domain.facts import MessageFacts
from addons.domain.masking.context_blocks import Origin
from addons.domain.masking.draft import Draft, PieceDraft
from addons.domain.settings import Masking

REPRESENTED = frozenset({"log", "test run", "JSON document", "list of search results", "listing", "diff", "text"})
"""Kinds of output whose digest keeps what a model looks for in them. Not source: a model that reads a file wants it."""


class Seen(NamedTuple):
    """A message that nothing has been decided about, and what is known of it."""

    at: int
    """Its index in the request."""
    facts: MessageFacts
    sent: bool
    """Forwarded, whole, by an earlier request of the session."""
    draft: Draft | None
    """None where there is none yet, or none is worth making."""
    after: int
    """Tokens of all messages that were sent before, from this one on, as they were forwarded."""


@dataclass(frozen=True, slots=True)
class Plan:
    arrivals: dict[int, tuple[PieceDraft, ...]]
    """By index of the message: the pieces masked when it is first seen."""
    epoch: Epoch | None
    changed: dict[int, tuple[PieceDraft, ...]]
    """By index of the message: what the epoch masks of what was sent before."""

    @property
    def masks(self) -> dict[int, tuple[PieceDraft, ...]]:
        return self.arrivals | self.changed


def plan_masks(
    undecided: Sequence[Seen], recent: frozenset[int], masking: Masking, situation: Situation, window: int | None
) -> Plan:
    """What to mask now under the settings' policy.

    `recent` are the indices of the results that stay whole; `window` is the context window in tokens, None if unknown.
    """
    if masking.policy == "off":
        return Plan({}, None, {})
    arrivals = {
        seen.at: pieces for seen in undecided if not seen.sent and (pieces := on_arrival(seen, masking, window))
    }
    if masking.policy == "always":
        return Plan(arrivals, None, {})
    stale = {
        seen.at: (seen, seen.draft)
        for seen in undecided
        if seen.sent and seen.draft and seen.draft.saving > 0 and seen.at not in recent
    }
    epoch = plan([Candidate(index, made.saving, seen.after) for index, (seen, made) in stale.items()], situation)
    changed = {index: made.pieces for index, (_, made) in stale.items() if epoch and index >= epoch.first}
    return Plan(arrivals, epoch, changed)


def on_arrival(seen: Seen, masking: Masking, window: int | None) -> tuple[PieceDraft, ...]:
    """The pieces that never reach the model whole."""
    if seen.draft is None:
        return ()
    if masking.policy == "always":
        return seen.draft.pieces if seen.facts.tokens > masking.threshold_tokens else ()
    far_too_large = window * masking.arrival_window_share if window else float("inf")
    return tuple(
        piece
        for piece in seen.draft.pieces
        if piece.digest.tokens_before > far_too_large
        or (piece.digest.tokens_before > masking.arrival_tokens and is_represented(piece))
    )


def is_represented(piece: PieceDraft) -> bool:
    """Whether its digest serves as well at first sight: output, and not a file that was asked for."""
    asked_for = bool(piece.piece.hint.path) or piece.piece.origin is Origin.FILE
    return piece.digest.kind in REPRESENTED and not asked_for


def recent_results(messages: Sequence[MessageFacts], keep: int) -> frozenset[int]:
    """The indices of the latest `keep` messages that hold tool results."""
    found: list[int] = []
    for index in range(len(messages) - 1, -1, -1):
        if len(found) == keep:
            break
        if messages[index].has_tool_result:
            found.append(index)
    return frozenset(found)
