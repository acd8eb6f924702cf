"""Compression: when the context fills up, one summary takes the place of the oldest exchanges.

It stands after `Masking`: what digests can do is done first, and only what is still too much is summarised. The request
at hand gets a summary gathered from its own messages, at once; a model writes a better one meanwhile, which takes its
place with the next request. Both changes are recorded as epochs, and between them and the next compression the prefix
stays as it is.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from mitmproxy import http

from addons.domain.compression.actions import one_line
from addons.domain.compression.heuristic import heuristic_summary, own_words
from addons.domain.compression.plan import Cover, choose_cover, cover, goes_on
from addons.domain.compression.summary import HEURISTIC, Summary, Trigger, kept_text
from addons.domain.compression.triggers import Load, due, goal
from addons.domain.events import Event
from addons.domain.kinds import Kind
from addons.domain.messages import Message, Role
from addons.domain.settings import Compression as CompressionSettings
from addons.domain.tokens import TokenCounter
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.latest import Latest
from addons.hooks.pacing import Pacing
from addons.hooks.station import Station
from addons.hooks.store import Store
from addons.hooks.summaries import SessionSummary, Summaries
from addons.hooks.summarised import put
from addons.hooks.summarising import Order, Summarising, with_tokens

log = logging.getLogger(__name__)

REQUEST_CHARS = 600
"""Of the person's latest words that stand beside a model's summary."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary, and what a model would write a better one from."""

    summary: Summary
    messages: Sequence[Message]
    earlier: str


class Compression(Station):
    def __init__(
        self,
        exchanges: Exchanges,
        configuration: Configuration,
        store: Store,
        counter: TokenCounter,
        summaries: Summaries,
        pacing: Pacing,
    ) -> None:
        super().__init__(exchanges)
        self.configuration = configuration
        self.store = store
        self.counter = counter
        self.summaries = summaries
        self.summarising = Summarising(configuration, store, counter, pacing)
        self.latest = Latest()
        self.asked: dict[str, int] = {}
        """By session: a person asked to keep so many exchanges; holds for one request."""

    @property
    def settings(self) -> CompressionSettings:
        return self.configuration.settings.compression

    def done(self) -> None:
        self.summarising.stop_all()

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        if exchange.kind is not Kind.CHAT or exchange.match is None or exchange.is_bypassed:
            return
        memory = await self.summaries.of(exchange.match)
        if exchange.is_summary_new:
            self.note_loss(exchange)
        if found := self.found(exchange, memory):
            await self.compress(flow, exchange, memory, *found)
        self.latest.keep(exchange, memory.current)

    async def compress(
        self, flow: http.HTTPFlow, exchange: Exchange, memory: SessionSummary, trigger: Trigger, chosen: Cover
    ) -> None:
        draft = await asyncio.to_thread(self.draft, exchange, memory.current, trigger, chosen)
        if self.store.submit(draft.summary):
            self.use(exchange, memory, draft.summary, chosen)
            self.summarising.start(flow, exchange, memory, self.order(draft))

    def found(self, exchange: Exchange, memory: SessionSummary) -> tuple[Trigger, Cover] | None:
        """Why the request is compressed, and what goes; None where it is not due, or nothing may go."""
        assert exchange.reading
        assert exchange.match
        messages = exchange.reading.messages
        keep = self.asked.pop(exchange.match.session_id, None)
        if keep is not None:
            chosen = cover(messages, keep)
            if chosen and goes_on(chosen, exchange.covered):
                return Trigger.BY_HAND, chosen
            self.say(exchange, "nothing older than the exchanges to be kept could be summarised", {"step": "nothing"})
        load = load_of(exchange)
        trigger = due(load, self.settings, memory.pace, exchange.started_at_ms)
        if trigger is None:
            return None
        room = 0.0 if trigger is Trigger.COLD else load.tokens - goal(load, self.settings)
        tokens = forwarded_tokens(exchange, memory.current)
        is_needed = trigger is Trigger.NO_ROOM
        chosen = choose_cover(messages, tokens, self.settings, room, exchange.covered, is_needed=is_needed)
        return (trigger, chosen) if chosen else None

    def draft(self, exchange: Exchange, current: Summary | None, trigger: Trigger, chosen: Cover) -> Draft:
        """The heuristic summary. Costs some 10 ms, so it is for a thread.

        What a model wrote, or what the client does not send any more, is carried on; else all is gathered anew.
        """
        assert exchange.reading
        if not exchange.covered:
            current = None
        carried = current is not None and (current.writer != HEURISTIC or len(exchange.covered) < current.messages)
        fresh = range(exchange.covered.stop if carried else chosen.first, chosen.stop)
        messages = [exchange.message(index) for index in fresh]
        earlier = current.text if current and carried else ""
        limit, count = self.settings.summary_tokens, self.counter.count
        facts = exchange.reading.messages[exchange.covered.stop if current else chosen.first : chosen.stop]
        keys = (current.keys if current else b"") + b"".join(each.key for each in facts)
        before = sum(forwarded_tokens(exchange, current)[chosen.first : chosen.stop])
        summary = Summary(
            session_id=exchange.session_id or "",
            created_at_ms=max(exchange.started_at_ms, current.created_at_ms + 1 if current else 0),
            keys=keys,
            text=kept_text(heuristic_summary(messages, limit, count, earlier), limit, count),
            trigger=trigger,
            kept_exchanges=chosen.kept,
            messages=(current.messages if current else 0) + len(facts),
            tokens_before=before,
            tokens_after=0,
            prompt_tokens_before=exchange.reading.total_tokens - exchange.saved_tokens,
            context_window=exchange.window,
        )
        return Draft(with_tokens(summary, self.counter), messages, earlier)

    def order(self, draft: Draft) -> Order:
        asked = (message for message in reversed(draft.messages) if message.role in (Role.USER, Role.TOOL))
        words = next((words for message in asked if (words := own_words(message))), "")
        return Order(
            summary=draft.summary,
            messages=draft.messages,
            earlier=draft.earlier,
            request=one_line(words, REQUEST_CHARS),
            tokens=self.settings.summary_tokens,
        )

    def use(self, exchange: Exchange, memory: SessionSummary, summary: Summary, chosen: Cover) -> None:
        """From this request on the summary stands for what is chosen."""
        put(exchange, summary, chosen.messages)
        memory.current, memory.better = summary, None
        memory.pace.note(summary.created_at_ms, summary.prompt_tokens_before, summary.prompt_tokens_after)
        self.note_loss(exchange)
        before, after = summary.prompt_tokens_before, summary.prompt_tokens_after
        data = {
            "step": "made",
            "summary": summary.created_at_ms,
            "trigger": str(summary.trigger),
            "messages": summary.messages,
            "kept_exchanges": summary.kept_exchanges,
            "before": before,
            "after": after,
            "ratio": round(after / before, 4) if before else None,
            "lost_tokens": exchange.lost_tokens,
        }
        told = f"{summary.messages} messages are now a summary ({summary.trigger}): {before} tokens became {after}"
        self.say(exchange, told, data)

    def note_loss(self, exchange: Exchange) -> None:
        """The prefix changes where the summary stands: what was sent before and follows it is no longer cached."""
        assert exchange.reading
        assert exchange.match
        messages = exchange.reading.messages
        keyed = [index for index, facts in enumerate(messages) if facts.key]
        sent = keyed[: exchange.match.known]
        exchange.is_epoch = bool(sent)
        following = [index for index in sent if index >= exchange.covered.stop]
        lost = sum(messages[index].tokens - exchange.masked.get(index, 0) for index in following)
        exchange.lost_tokens = 0 if exchange.cache_is_cold else lost

    def say(self, exchange: Exchange, message: str, data: dict[str, object]) -> None:
        log.info("session %s, %s: %s", exchange.session_id, exchange.endpoint.provider, message)
        self.store.submit(
            Event(
                at_ms=exchange.started_at_ms,
                kind="compression",
                session_id=exchange.session_id,
                message=message,
                data=data,
            )
        )


def forwarded_tokens(exchange: Exchange, current: Summary | None) -> list[int]:
    """Of each message as it would be forwarded now; a summary counts at the first message it stands for."""
    assert exchange.reading
    covered = exchange.covered
    tokens = [
        0 if index in covered else facts.tokens - exchange.masked.get(index, 0)
        for index, facts in enumerate(exchange.reading.messages)
    ]
    if covered and current:
        tokens[covered.start] = current.tokens_after
    return tokens


def load_of(exchange: Exchange) -> Load:
    assert exchange.reading
    assert exchange.request
    asked = exchange.request.max_output_tokens
    return Load(
        tokens=exchange.reading.total_tokens - exchange.saved_tokens,
        window=exchange.counted_window,
        max_output=round(asked / exchange.calibration) if asked is not None else None,
        is_cold=exchange.cache_is_cold,
    )
