"""Masking: forwards digests in the place of verbose content, the same ones in every request of a session.

What was decided before is applied again; what is new is decided by `domain.masking.planning`. An original is handed to
the store before its digest takes its place; where it cannot be, the message stays whole. Digests of messages that may
be masked later are drafted after the answer has passed, in a task of its own: mitmproxy sends the client the end of its
answer only after the `response` hooks.
"""

import asyncio
from collections.abc import Sequence

import msgspec
from mitmproxy import http

from addons.domain.decisions import Action, Decision, Original
from addons.domain.epochs import Epoch, Situation
from addons.domain.events import Event
from addons.domain.facts import MessageFacts
from addons.domain.kinds import FILLS_CONTEXT, Kind
from addons.domain.masking.draft import PieceDraft, original_of, replacement
from addons.domain.masking.forwarding import masked
from addons.domain.masking.planning import Plan, Seen, plan_masks, recent_results
from addons.domain.masking.retrieval import retrieval_tool_name
from addons.domain.memo import Memo
from addons.domain.messages import Role
from addons.domain.pricing import cached_share
from addons.domain.sessions import How
from addons.domain.settings import Masking as MaskingSettings
from addons.domain.tokens import TokenCounter
from addons.domain.wire import WireError
from addons.hooks.configuration import Configuration
from addons.hooks.drafts import Drafts
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.memories import Memories, SessionMemory
from addons.hooks.station import Station, fail
from addons.hooks.store import Store

REMEMBERED_BYTES = 2_048
"""Masked messages whose bytes are kept from one request to the next."""


class Masking(Station):
    def __init__(self, exchanges: Exchanges, configuration: Configuration, store: Store, counter: TokenCounter) -> None:
        super().__init__(exchanges)
        self.configuration = configuration
        self.store = store
        self.counter = counter
        self.memories = Memories(configuration)
        self.drafts = Drafts(counter)
        self._masked: Memo[bytes] = Memo(REMEMBERED_BYTES)
        self.drafting: set[asyncio.Task[None]] = set()
        """Held here, because the event loop itself forgets its tasks."""

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        if exchange.kind not in FILLS_CONTEXT or exchange.match is None:
            return
        memory = await self.memories.of(exchange.match)
        if exchange.is_bypassed:
            self.note_whole(exchange, memory)
            return
        if exchange.kind is Kind.CHAT:  # the client's own compaction gets what the chat got, and decides nothing
            await self.decide(exchange, memory)
        self.apply(exchange, memory)

    def response(self, flow: http.HTTPFlow) -> None:
        """The answer has passed: draft what may be masked later."""
        exchange = self.exchanges.of(flow)
        if exchange and exchange.match and exchange.kind is Kind.CHAT and not exchange.failures:
            task = asyncio.get_running_loop().create_task(self.draft_for_later(exchange))
            self.drafting.add(task)
            task.add_done_callback(self.drafting.discard)

    async def draft_for_later(self, exchange: Exchange) -> None:
        try:
            settings = self.settings_for(exchange)
            if settings.policy == "cache-aware":  # the others never mask what has been sent
                await self.drafts.prepare(exchange, self.larger_than(exchange, settings.least_tokens))
        except Exception as error:  # noqa: BLE001 - the call is over; what is not drafted is not masked
            fail(exchange, "Masking", error, "less is masked in later requests")

    def settings_for(self, exchange: Exchange) -> MaskingSettings:
        settings = self.configuration.settings.masking
        policy = settings.policy_for(exchange.project, exchange.endpoint.provider)
        return msgspec.structs.replace(settings, policy=policy)

    def larger_than(self, exchange: Exchange, tokens: int, start: int = 0) -> list[int]:
        """The indices of tool results and user messages with more tokens, from the `start`-th message with a key on.

        Not of those that a summary stands for.
        """
        assert exchange.reading
        messages = exchange.reading.messages
        keyed = [index for index, facts in enumerate(messages) if facts.key][start:]
        larger = (index for index in keyed if messages[index].tokens > tokens and index not in exchange.covered)
        return [index for index in larger if messages[index].role in (Role.TOOL, Role.USER)]

    async def decide(self, exchange: Exchange, memory: SessionMemory) -> None:
        settings = self.settings_for(exchange)
        known = known_of(exchange, settings)
        if settings.policy != "off":
            least = settings.threshold_tokens if settings.policy == "always" else settings.arrival_tokens
            await self.drafts.prepare(exchange, self.larger_than(exchange, least, known))
        undecided = self.undecided(exchange, memory, known, settings.least_tokens)
        situation = self.situation(exchange, memory, settings)
        recent = recent_results(exchange.facts, settings.keep_recent)
        plan = plan_masks(undecided, recent, settings, situation, exchange.counted_window)
        stored = await asyncio.to_thread(self.record, exchange, memory, plan) if plan.masks else frozenset()
        changed = [pieces for index, pieces in plan.changed.items() if index in stored]
        if plan.epoch and changed:
            self.open_epoch(exchange, plan.epoch, changed)
        memory.target, memory.sent_at_ms = exchange.target, exchange.started_at_ms
        if situation.asked:  # else somebody has asked since, while masks were stored: that is for the next request
            memory.is_asked = False

    def undecided(self, exchange: Exchange, memory: SessionMemory, known: int, least: int) -> list[Seen]:
        """The messages that may be masked and are not."""
        messages, decisions = exchange.facts, memory.decisions
        keyed = [index for index, facts in enumerate(messages) if facts.key]
        sent_end = keyed[known - 1] + 1 if known else 0
        memory.whole.update(messages[at].key for at in keyed[:known] if messages[at].key not in decisions)
        found: list[Seen] = []
        after, at = 0, len(messages)
        for index in reversed(self.larger_than(exchange, least)):
            facts = messages[index]
            if facts.key in decisions:
                continue
            sent = index < sent_end or facts.key in memory.whole
            after += sum(self.forwarded(each, memory) for each in messages[index : min(at, sent_end)])
            at = index
            found.append(Seen(index, facts, sent, self.drafts.of(exchange, index), after))
        return found[::-1]

    def forwarded(self, facts: MessageFacts, memory: SessionMemory) -> int:
        """Tokens of a message as it is forwarded."""
        decision = memory.decisions.get(facts.key)
        return facts.tokens - decision.tokens_saved if decision else facts.tokens

    def situation(self, exchange: Exchange, memory: SessionMemory, settings: MaskingSettings) -> Situation:
        assert exchange.reading
        messages = exchange.reading.messages
        masked = [index for index, facts in enumerate(messages) if facts.key in memory.decisions]
        saved = sum(memory.decisions[messages[at].key].tokens_saved for at in masked if at not in exchange.covered)
        saved += exchange.compressed_tokens_saved
        cache = exchange.provider.cache
        exchange.cache_is_cold = memory.is_cold(exchange.target, exchange.started_at_ms, cache.lifetime_s)
        return Situation(
            cached_share=cached_share(exchange.model, cache),
            cache_is_cold=exchange.cache_is_cold,
            requests_so_far=1 + sum(facts.role is Role.ASSISTANT for facts in messages),
            fill=(exchange.reading.total_tokens - saved) / exchange.counted_window if exchange.counted_window else None,
            threshold=settings.pressure,
            asked=memory.is_asked,
        )

    def record(self, exchange: Exchange, memory: SessionMemory, plan: Plan) -> frozenset[int]:
        """Hand the originals and the decisions to the store; a message whose original it will not take stays whole.

        The indices of the messages that are masked from now on.
        """
        stored = set()
        assert exchange.reading
        assert exchange.request
        tools = exchange.request.raw(exchange.request.tools) if exchange.request.tools else None
        tool_name = retrieval_tool_name(tools)
        for index, pieces in plan.masks.items():
            reason = str(plan.epoch.reason) if plan.epoch and index in plan.changed else "arrival"
            decision = self.decision(exchange, index, pieces, tool_name, reason)
            if decision and self.store.submit(decision):
                memory.decisions[decision.key] = decision
                stored.add(index)
        return frozenset(stored)

    def decision(
        self, exchange: Exchange, index: int, pieces: Sequence[PieceDraft], tool_name: str | None, reason: str
    ) -> Decision | None:
        assert exchange.reading
        message, now_ms, session_id = exchange.message(index), exchange.started_at_ms, exchange.session_id or ""
        replacements = []
        for piece in pieces:
            text = original_of(message, piece)
            new = replacement(piece, text, tool_name, self.counter.count)
            original = Original(
                tag=new.tag,
                session_id=session_id,
                text=text,
                kind=new.kind,
                tool=piece.piece.hint.tool,
                path=piece.piece.hint.path,
                tokens=new.tokens_before,
                at_ms=now_ms,
            )
            if not self.store.submit(original):
                return None
            replacements.append(new)
        return Decision(
            session_id=session_id,
            key=exchange.reading.messages[index].key,
            action=Action.MASK,
            replacements=tuple(replacements),
            reason=reason,
            decided_at_ms=now_ms,
        )

    def open_epoch(self, exchange: Exchange, epoch: Epoch, changed: Sequence[Sequence[PieceDraft]]) -> None:
        """Record that a prefix which was sent before changes with this request, why, and what that costs."""
        exchange.is_epoch, exchange.lost_tokens = True, epoch.lost_tokens
        saved = sum(piece.saving for pieces in changed for piece in pieces)
        self.store.submit(
            Event(
                at_ms=exchange.started_at_ms,
                kind="epoch",
                session_id=exchange.session_id,
                message=f"{len(changed)} older messages masked ({epoch.reason}): {saved} tokens fewer a request",
                data={
                    "reason": epoch.reason,
                    "first": epoch.first,
                    "messages": len(changed),
                    "saved_tokens": saved,
                    "estimated_gain_tokens": round(epoch.gain),
                    "estimated_loss_tokens": round(epoch.loss),
                },
            )
        )

    def note_whole(self, exchange: Exchange, memory: SessionMemory) -> None:
        """What is not masked by now stays whole."""
        assert exchange.reading
        memory.whole.update(facts.key for facts in exchange.reading.messages if facts.key not in memory.decisions)

    def apply(self, exchange: Exchange, memory: SessionMemory) -> None:
        """Put the masked messages' bytes on the exchange."""
        assert exchange.reading
        assert exchange.request
        self.note_whole(exchange, memory)
        for index, facts in enumerate(exchange.reading.messages):
            if index in exchange.covered:
                continue
            decision = memory.decisions.get(facts.key)
            if decision is None or decision.action is not Action.MASK:
                continue
            try:
                new = self.masked(exchange, index, decision)
            except WireError:
                continue  # the client writes it otherwise than when it was decided on: its own bytes change anyway
            exchange.replacements[exchange.request.messages[index]] = new
            exchange.masked_count += 1
            exchange.masked_tokens_saved += decision.tokens_saved
            exchange.masked[index] = decision.tokens_saved

    def masked(self, exchange: Exchange, index: int, decision: Decision) -> bytes:
        assert exchange.reading
        facts = exchange.reading.messages[index]
        key = b"%s %s %d" % (facts.digest, decision.session_id.encode(), decision.decided_at_ms)
        known = self._masked.get(key)
        if known is None:
            known = masked(exchange.raw_message(index), exchange.message(index), decision)
            self._masked.put(key, known)
        return known


def known_of(exchange: Exchange, settings: MaskingSettings) -> int:
    """How many messages at the request's beginning, system messages aside, were sent before.

    Of a repetition after a restart: all. Of a session that is new to us but has answers in it: those up to the last
    answer, for they went to the provider before this proxy was there, and may be cached.
    """
    assert exchange.match
    assert exchange.reading
    keyed = [facts for facts in exchange.reading.messages if facts.key]
    if exchange.match.how is How.REPEAT and exchange.match.repeat_of_ms is None:
        return len(keyed)
    if exchange.match.is_new and settings.policy == "cache-aware":
        return max((at for at, facts in enumerate(keyed, 1) if facts.role is Role.ASSISTANT), default=0)
    return exchange.match.known
