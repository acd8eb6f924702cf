"""When an older message may change: the economics of the prefix cache.

A provider bills a repeated prefix at a share of the full price. Whoever changes message *i* of what was sent before
pays full price once for all that follows it, and saves the removed tokens at the cached price in every later request.
So a message is rewritten on arrival, when nothing of it is cached yet, or in an *epoch*: when the cache is cold anyway,
when the context fills up, when a person asks for it, or when the break-even holds:

    saved tokens x cached share x expected requests  >  cached tokens after the first change x (1 - cached share)

Pure: the time, the settings and what was sent before are arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

MARGIN = 1.2
"""A break-even epoch must gain this much more than it loses: the remaining length of a session is a guess."""

MOST_EXPECTED_REQUESTS = 30
"""Bound on that guess: a session of a thousand requests is not expected to have a thousand more."""


class Reason(StrEnum):
    COLD = "cold"
    """Nothing of the prefix is cached: idle for longer than the cache lives, or another model than last time."""
    NO_DISCOUNT = "no discount"
    """The provider bills a cached token like any other."""
    PRESSURE = "pressure"
    """The context fill reached the threshold."""
    BREAK_EVEN = "break-even"
    BY_HAND = "by hand"


class Candidate(NamedTuple):
    """A message that was sent before and would be shorter if it were masked."""

    at: int
    """Its index in the request."""
    saving: int
    """Tokens fewer once masked, above 0."""
    after: int
    """Tokens of all messages that were sent before, from this one on, as they were forwarded."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the session and its provider look like when a request arrives."""

    cached_share: float
    """Price of a cached token / price of a fresh one, 0..1; 1 where there is no discount."""
    cache_is_cold: bool
    requests_so_far: int
    """Of this session, this one included."""
    fill: float | None = None
    """Context fill if nothing more is masked, 0..1; None where the window is not known."""
    threshold: float = 1.0
    """Context fill at which everything that may go goes."""
    asked: bool = False
    """A person asked for it."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """A change of what was sent before."""

    reason: Reason
    first: int
    """Index of the first message that changes."""
    gain: float
    """Tokens at full price expected to be saved in the requests to come, this one included."""
    loss: float
    """Tokens at full price paid now for a prefix that is no longer cached."""
    lost_tokens: int
    """The tokens of that prefix; 0 where the cache is cold."""


def expected_requests(requests_so_far: int) -> int:
    """How many more requests a session is expected to make: as many as it has made (at least 2), within bounds.

    The length of a session that is still going on is best guessed from its age alone (Lindy's law); no other evidence
    is at hand when a request arrives.
    """
    return min(max(requests_so_far, 2), MOST_EXPECTED_REQUESTS)


def plan(candidates: Sequence[Candidate], situation: Situation) -> Epoch | None:
    """The epoch that this request should open, or None. All savings at or after `Epoch.first` are taken at once.

    The candidates are in the order of the request.
    """
    options = _options(candidates, situation)
    if not options:
        return None
    if reason := _free(situation):
        return _as_epoch(reason, options[-1])
    best = max(options, key=lambda option: option.gain - option.loss)
    return _as_epoch(Reason.BREAK_EVEN, best) if best.gain > best.loss * MARGIN else None


def _free(situation: Situation) -> Reason | None:
    """The reason for an epoch that needs no break-even."""
    if situation.asked:
        return Reason.BY_HAND
    if situation.fill is not None and situation.fill >= situation.threshold:
        return Reason.PRESSURE
    if situation.cache_is_cold:
        return Reason.COLD
    if situation.cached_share >= 1:
        return Reason.NO_DISCOUNT
    return None


@dataclass(frozen=True, slots=True)
class _Option:
    """Taking every saving from `first` on."""

    first: int
    gain: float
    loss: float
    lost_tokens: int


def _options(candidates: Sequence[Candidate], situation: Situation) -> list[_Option]:
    """One option for each message whose saving could be the first, the last of them first."""
    share = situation.cached_share
    requests = expected_requests(situation.requests_so_far) + 1
    saved = 0
    options = []
    for candidate in reversed(candidates):
        saved += candidate.saving
        lost = 0 if situation.cache_is_cold else candidate.after - saved
        options.append(_Option(candidate.at, saved * share * requests, lost * (1 - share), lost))
    return options


def _as_epoch(reason: Reason, option: _Option) -> Epoch:
    return Epoch(reason, option.first, option.gain, option.loss, option.lost_tokens)
