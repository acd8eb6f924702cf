"""What masking saves and what it costs: whole conversations through the real proxy, one run for each policy.

Counted on the bodies that reached the provider, with one counter (cl100k_base) for both sides:
- *tokens*: forwarded / sent;
- *input cost*: uncached + share x cached, over the same for the unmodified bodies; cached is the part of a request that
  is byte for byte the beginning of the previous one;
- *prefix*: how much of the previous request's messages comes again unchanged;
- *facts*: planted in tool results, with the literal answer (needles.json): visible in the last forwarded request, or
  reachable: an original that a placeholder there names holds it.
"""

import dataclasses
import json
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from addons.domain.masking.placeholder import TAG
from addons.domain.places import ROOT
from addons.domain.tokens import TokenCounter
from db.engine import reader
from db.queries.originals import original
from tests.bench.conversations import Needle, Recorded
from tests.bench.proxies import PATH, Proxy, proxy, upstream

POLICIES = ("cache-aware", "always", "off")
CACHED_SHARES = (0.1, 0.25, 0.5)
"""Price of a cached token over a fresh one; what providers bill lies between."""
WRITTEN_AFTER_S = 0.6
"""After which the recorder has written all that it was given; its batches are a quarter of a second apart."""
TAGS = re.compile(re.escape(TAG) + "[0-9a-f]+")


@dataclass(slots=True)
class Outcome:
    """One conversation under one policy; tokens summed over its requests."""

    sent: int = 0
    forwarded: int = 0
    cached: int = 0
    """Of the forwarded ones."""
    unmodified_cached: int = 0
    """Of the sent ones."""
    repeated: int = 0
    """Messages of the previous request that came again unchanged."""
    repeatable: int = 0
    epochs: int = 0
    visible: set[str] = field(default_factory=set)
    reachable: set[str] = field(default_factory=set)
    facts: int = 0
    requests: int = 0
    cpu_s: float = 0.0
    """Of the proxy, while the conversation was replayed, request after request without a pause."""
    ttfb_ms: list[float] = field(default_factory=list)

    def cost(self, share: float) -> float:
        unmodified = self.sent - self.unmodified_cached + share * self.unmodified_cached
        return (self.forwarded - self.cached + share * self.cached) / unmodified

    def __iadd__(self, other: "Outcome") -> "Outcome":
        for each in dataclasses.fields(self):
            mine, others = getattr(self, each.name), getattr(other, each.name)
            setattr(self, each.name, mine | others if isinstance(mine, set) else mine + others)
        return self


class Counted:
    """Token counts of a body's pieces, each message counted once."""

    def __init__(self) -> None:
        self._counter = TokenCounter()
        self._known: dict[str, int] = {}

    def pieces(self, body: bytes) -> list[tuple[str, int]]:
        """The tools, then each message: as canonical JSON, with its tokens."""
        data: dict[str, Any] = json.loads(body)
        texts = [json.dumps(piece, sort_keys=True) for piece in (data.get("tools", []), *data["messages"])]
        return [(text, self._tokens(text)) for text in texts]

    def _tokens(self, text: str) -> int:
        if text not in self._known:
            self._known[text] = self._counter.count(text)
        return self._known[text]


def common(one: Sequence[tuple[str, int]], other: Sequence[tuple[str, int]]) -> tuple[int, int]:
    """Pieces and tokens at the beginning that are equal."""
    pieces = tokens = 0
    for (a, count), (b, _) in zip(one, other, strict=False):
        if a != b:
            break
        pieces, tokens = pieces + 1, tokens + count
    return pieces, tokens


def replayed(conversation: Recorded, target: Proxy, folder: Path, counted: Counted) -> Outcome:
    """Send a conversation request by request and compare what arrived with what was sent."""
    outcome, client, arrived = Outcome(requests=len(conversation.turns)), target.client(), folder / "arrived.json"
    cpu_s = target.cpu_s()
    previous: list[tuple[str, int]] = []
    sent_before: list[tuple[str, int]] = []
    for body in conversation.bodies():
        outcome.ttfb_ms.append(client.post(PATH, body, events=3, keep=arrived).ttfb_ms)
        sent, forwarded = counted.pieces(body), counted.pieces(arrived.read_bytes())
        outcome.sent += sum(tokens for _, tokens in sent)
        outcome.forwarded += sum(tokens for _, tokens in forwarded)
        again, cached = common(previous, forwarded)
        outcome.cached += cached
        outcome.unmodified_cached += common(sent_before, sent)[1]
        outcome.repeated, outcome.repeatable = outcome.repeated + again, outcome.repeatable + len(previous)
        previous, sent_before = forwarded, sent
    outcome.cpu_s = target.cpu_s() - cpu_s
    client.close()
    find_facts(conversation.needles, arrived.read_text(encoding="utf-8"), target, outcome)
    return outcome


def find_facts(needles: Sequence[Needle], body: str, target: Proxy, outcome: Outcome) -> None:
    time.sleep(WRITTEN_AFTER_S)
    engine = reader(f"sqlite:///{target.database}")
    found = (original(engine, tag) for tag in set(TAGS.findall(body)))
    originals = [each.text for each in found if each]
    with engine.connect() as connection:
        outcome.epochs = connection.scalar(text("select count(*) from events where kind = 'epoch'")) or 0
    engine.dispose()
    outcome.facts = len(needles)
    outcome.visible = {needle.id for needle in needles if needle.answer in body}
    hidden = [needle for needle in needles if needle.id not in outcome.visible]
    fetched = {needle.id for needle in hidden if any(needle.answer in each for each in originals)}
    outcome.reachable = outcome.visible | fetched


def run(conversations: Sequence[Recorded]) -> dict[str, list[Outcome]]:
    """Each policy over all conversations, one fresh proxy for each pair."""
    counted = Counted()
    results: dict[str, list[Outcome]] = {policy: [] for policy in POLICIES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with upstream(folder) as (port, ca):
            for policy in POLICIES:
                for conversation in conversations:
                    place = folder / f"{policy}-{conversation.name}"
                    place.mkdir()
                    settings = f'[masking]\npolicy = "{policy}"\n'
                    with proxy("ours", ROOT / "addons/kimi.py", place, port, ca, settings) as target:
                        results[policy].append(replayed(conversation, target, place, counted))
    return results


def markdown(conversations: Sequence[Recorded], results: dict[str, list[Outcome]]) -> str:
    shares = " | ".join(f"input cost at {share:g}" for share in CACHED_SHARES)
    lines = [
        f"| policy | conversation | tokens | {shares} | prefix again | epochs | facts visible | reachable "
        "| first byte | CPU |",
        "|---|---|---:|" + "---:|" * len(CACHED_SHARES) + "---:|---:|---:|---:|---:|---:|",
    ]
    for policy, outcomes in results.items():
        total = Outcome()
        for outcome in outcomes:
            total += outcome
        named = zip([*(conversation.name for conversation in conversations), "all"], [*outcomes, total], strict=True)
        lines += [f"| {policy} | {name} | {cells(outcome)} |" for name, outcome in named]
    return "\n".join(lines)


def cells(outcome: Outcome) -> str:
    costs = " | ".join(f"{outcome.cost(share):.2f}" for share in CACHED_SHARES)
    again = outcome.repeated / max(1, outcome.repeatable)
    facts = f"{len(outcome.visible)}/{outcome.facts} | {len(outcome.reachable)}/{outcome.facts}"
    time_ = f"{statistics.median(outcome.ttfb_ms):.1f} ms | {outcome.cpu_s * 1000 / outcome.requests:.1f} ms"
    return f"{outcome.forwarded / outcome.sent:.2f} | {costs} | {again:.1%} | {outcome.epochs} | {facts} | {time_}"
