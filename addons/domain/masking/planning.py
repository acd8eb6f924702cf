"""Which messages of a request are masked now: on arrival, or because an epoch opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from addons.domain.decisions import Action, Decision
from addons.domain.epochs import Candidate, Epoch, Situation, plan
from addons.domain.facts import MessageFacts
from addons.domain.masking.context_blocks import Origin
from addons.domain.masking.draft import Draft, PieceDraft
from addons.domain.settings import Masking

REPRESENTED = frozenset({"log", "test run", "JSON document", "list of search results", "listing", "diff", "text"})
"""Kinds of output whose digest keeps what a model looks for in them. Not source: a model that reads a file wants it."""


class Seen(NamedTuple):
    """A message of the request and what is known of it."""

    facts: MessageFacts
    sent: bool
    """Forwarded by the session's previous request."""
    decision: Decision | None
    draft: Draft | None
    """None where there is none yet, or none is worth making."""

    @property
    def is_masked(self) -> bool:
        return self.decision is not None and self.decision.action is Action.MASK


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


def plan_masks(messages: Sequence[Seen], masking: Masking, situation: Situation, window: int | None) -> Plan:
    """What to mask now under the settings' policy. `window` is the context window in tokens, None if not known."""
    if masking.policy == "off":
        return Plan({}, None, {})
    arrivals = {
        index: pieces
        for index, seen in enumerate(messages)
        if not seen.sent and seen.decision is None and (pieces := on_arrival(seen, masking, window))
    }
    if masking.policy == "always":
        return Plan(arrivals, None, {})
    stay = recent_results(messages, masking.keep_recent)
    candidates = [candidate(seen, index in stay, index in arrivals) for index, seen in enumerate(messages)]
    epoch = plan(candidates, situation)
    changed = {
        index: seen.draft.pieces
        for index, (seen, found) in enumerate(zip(messages, candidates, strict=True))
        if epoch and index >= epoch.first and seen.draft and found.saving > 0
    }
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


def recent_results(messages: Sequence[Seen], keep: int) -> frozenset[int]:
    """The indices of the latest `keep` messages that hold tool results."""
    results = [index for index, seen in enumerate(messages) if seen.facts.has_tool_result]
    return frozenset(results[-keep:] if keep else ())


def candidate(seen: Seen, stays: bool, arrives_masked: bool) -> Candidate:
    saved = seen.decision.tokens_saved if seen.decision else 0
    free = seen.sent and not stays and not seen.is_masked and not arrives_masked and seen.draft is not None
    saving = max(0, seen.draft.saving) if free and seen.draft else 0
    return Candidate(tokens=seen.facts.tokens - saved, saving=saving, sent=seen.sent)
