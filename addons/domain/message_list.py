"""The messages of a request as it was forwarded, one by one, without their text.

A session resends its history with each request. So each request records a step: what its list has in common with the
one before, what is new in it, and which masks are. From the steps of a chain, in their order, every list in it is built
again; where one of them is gone, the messages that only it knew are unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from addons.domain.composition import NOTHING, Rewritten
from addons.domain.facts import MessageFacts
from addons.domain.filling import Filling
from addons.domain.messages import Role
from addons.domain.reading import Reading
from addons.domain.shares import Share


class Run(NamedTuple):
    """Messages that the list before had, too."""

    start: int
    stop: int
    """There: from the first index to before the second."""
    at: int
    """Here: the index of the first of them."""


class Piece(NamedTuple):
    """Tokens of a message that are one thing."""

    part: str
    """One of `shares.PARTS`."""
    tokens: int
    tool: str = ""
    """Of a result: whose it is."""


class Listed(NamedTuple):
    """One message, as the client sent it."""

    key: str
    """In hex: the message's key, by which decisions are found; of a system message, which has none, its digest."""
    role: Role
    pieces: tuple[Piece, ...]

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageStep:
    """What one request adds to its chain; tokens are estimates."""

    chain: str
    """Begun anew where nothing before is remembered: a session's first request, and its first after a restart."""
    number: int
    """In the chain, from 0: a missing one is noticed."""
    kept: tuple[Run, ...] = ()
    """In their order, here as there."""
    added: tuple[Listed, ...] = ()
    """All others, in order."""
    masked: Mapping[int, int] = field(default_factory=dict)
    """Index -> tokens saved, where that is not as in the list before; 0: the message is whole."""
    new: int = 0
    """Messages at the end, system messages aside, that the session's previous request did not have."""
    covered: tuple[int, int] = (0, 0)
    """Messages that a summary stands for, from the first to before the second index."""
    summary_tokens: int = 0
    tools_tokens: int = 0
    prompt_tokens: int = 0
    """Of a legacy prompt's text."""
    system: Listed | None = None
    """Gemini's systemInstruction, which is not among the messages."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is remembered of a session's previous request."""

    chain: str
    number: int
    filling: Filling
    masked: Mapping[int, int]


class Entry(NamedTuple):
    """A message in a list."""

    listed: Listed | None
    """None: unknown."""
    saved: int = 0
    """Tokens that masking took out of it."""

    @property
    def role(self) -> Role | None:
        return self.listed.role if self.listed else None


@dataclass(frozen=True, slots=True)
class MessageList:
    entries: tuple[Entry, ...]
    step: MessageStep
    """The list's own: what stands beside the messages."""


def next_step(
    before: Before | None, chain: str, reading: Reading, known: int, filling: Filling, rewritten: Rewritten = NOTHING
) -> tuple[MessageStep, Before]:
    """The step from the session's previous request to this one, and what to remember for the next.

    `chain` is the name of the chain that begins where there is no request before. The other arguments are those of
    `composition`. Costs what is new, unless the client changed what it had sent.
    """
    kept = _kept(before.filling, filling) if before else ()
    masked = dict(rewritten.masked)
    covered = rewritten.covered
    covered_tokens = sum(facts.tokens for facts in reading.messages[covered.start : covered.stop])
    step = MessageStep(
        chain=before.chain if before else chain,
        number=before.number + 1 if before else 0,
        kept=kept,
        added=tuple(_listed(filling.messages[at], filling.shares[at]) for at in _others(kept, len(filling.messages))),
        masked=_changes(moved(before.masked, kept) if before else {}, masked),
        new=max(0, filling.others - known),
        covered=(covered.start, covered.stop) if covered else (0, 0),
        summary_tokens=covered_tokens - rewritten.compressed_tokens if covered else 0,
        tools_tokens=reading.tools_tokens,
        prompt_tokens=reading.prompt_text_tokens,
        system=_listed(reading.system, reading.system.shares) if reading.system else None,
    )
    return step, Before(step.chain, step.number, filling, masked)


def _kept(old: Filling, new: Filling) -> tuple[Run, ...]:
    """What the lists have in common; nearly always that is all of the old one."""
    count = len(old.messages)
    if old.servers == new.servers and new.messages[:count] == old.messages:
        return (Run(0, count, 0),) if count else ()
    return tuple(_runs(old, new))


def _runs(old: Filling, new: Filling) -> Iterator[Run]:
    """Where the client changed its history: edited a message, left older ones out, went on from an older one."""
    places: dict[bytes, list[int]] = {}
    for index, facts in enumerate(old.messages):
        places.setdefault(_key(facts), []).append(index)
    stop = at = 0  # of the last run, there, and the first index that it has not reached here
    while at < len(new.messages):
        found = places.get(_key(new.messages[at]), [])
        start = next((place for place in found if place >= stop), None)
        length = 0 if start is None else _same(old, start, new, at)
        if start is not None and length:
            yield Run(start, start + length, at)
            stop = start + length
        at += max(1, length)


def _same(old: Filling, start: int, new: Filling, at: int) -> int:
    """How many messages are the same from there on."""
    most, length = min(len(old.messages) - start, len(new.messages) - at), 0
    while length < most and _is_same(old, start + length, new, at + length):
        length += 1
    return length


def _is_same(old: Filling, there: int, new: Filling, here: int) -> bool:
    one, other = old.messages[there], new.messages[here]
    return _key(one) == _key(other) and one.role is other.role and old.shares[there] == new.shares[here]


def _others(kept: Sequence[Run], count: int) -> Iterator[int]:
    """The indices of the messages that are in none of these runs."""
    at = 0
    for run in kept:
        yield from range(at, run.at)
        at = run.at + run.stop - run.start
    yield from range(at, count)


def _key(facts: MessageFacts) -> bytes:
    return facts.key or facts.digest


def _listed(facts: MessageFacts, shares: tuple[Share, ...]) -> Listed:
    """Largest piece first. What the chat template puts around a result is part of it."""
    found: dict[tuple[str, str], int] = {}
    for share in sorted(shares, key=lambda share: not share.tool):
        own = (share.part, share.tool)
        there = own if share.tool else next((piece for piece in found if piece[0] == share.part), own)
        found[there] = found.get(there, 0) + share.tokens
    pieces = [Piece(part, tokens, tool) for (part, tool), tokens in found.items()]
    return Listed(_key(facts).hex(), facts.role, tuple(sorted(pieces, key=lambda piece: -piece.tokens)))


def moved(masked: Mapping[int, int], kept: Sequence[Run]) -> dict[int, int]:
    """The masks of the messages that are kept, where these stand now."""
    return {
        at - run.start + run.at: saved for run in kept for at, saved in masked.items() if run.start <= at < run.stop
    }


def _changes(old: Mapping[int, int], new: Mapping[int, int]) -> dict[int, int]:
    changed = {at: saved for at, saved in new.items() if old.get(at, 0) != saved}
    return changed | {at: 0 for at in old if at not in new}


def built(steps: Sequence[MessageStep]) -> MessageList | None:
    """The list after the last of these steps of one chain, which are in order; None where there is none."""
    entries: list[Entry] = []
    number = -1
    for step in steps:
        if step.number != number + 1:
            entries = [Entry(None)] * max((run.stop for run in step.kept), default=0)
        if step.kept == (Run(0, len(entries), 0),):  # as nearly always: nothing is to be moved
            entries += map(Entry, step.added)
        else:
            entries = list(_next(entries, step))
        for at, saved in step.masked.items():
            entries[at] = entries[at]._replace(saved=saved)
        number = step.number
    return MessageList(tuple(entries), steps[-1]) if steps else None


def _next(before: Sequence[Entry], step: MessageStep) -> Iterator[Entry]:
    added = iter(step.added)
    count = 0
    for run in step.kept:
        yield from (Entry(listed) for listed in islice(added, run.at - count))
        yield from before[run.start : run.stop]
        count = run.at + run.stop - run.start
    yield from (Entry(listed) for listed in added)


def whole(steps: Sequence[MessageStep]) -> MessageStep | None:
    """The last of these steps without need of the others; None where some of its messages are unknown."""
    found = built(steps)
    if found is None or any(entry.listed is None for entry in found.entries):
        return None
    added = tuple(entry.listed for entry in found.entries if entry.listed)
    masked = {at: entry.saved for at, entry in enumerate(found.entries) if entry.saved}
    return replace(found.step, kept=(), added=added, masked=masked)
