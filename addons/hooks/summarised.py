"""Summarised: puts the summary that a session has into each of its requests, before anything else is decided.

The client sends its whole history again and knows nothing of the summary. It stands in the same place with the same
bytes until an older message is edited, or `Compression` makes another.
"""

from dataclasses import replace

from mitmproxy import http

from addons.domain.compression.covering import covered, is_edited
from addons.domain.compression.summary import Summary, rendered
from addons.domain.events import Event
from addons.domain.kinds import FILLS_CONTEXT, Kind
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.station import Station
from addons.hooks.store import Store
from addons.hooks.summaries import SessionSummary, Summaries


class Summarised(Station):
    def __init__(self, exchanges: Exchanges, store: Store, summaries: Summaries) -> None:
        super().__init__(exchanges)
        self.store = store
        self.summaries = summaries

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        if exchange.kind not in FILLS_CONTEXT or exchange.match is None or exchange.is_bypassed:
            return
        memory = await self.summaries.of(exchange.match)
        if memory.current is None:
            return
        assert exchange.reading
        found = covered(exchange.reading.messages, memory.current.keys)
        is_chat = exchange.kind is Kind.CHAT  # the client's own compaction gets what the chat got, and changes nothing
        if found:
            if is_chat and memory.better:
                self.take_better(exchange, memory, memory.current, memory.better)
            put(exchange, memory.current, found)
        elif is_chat and is_edited(exchange.reading.messages, memory.current.keys):
            self.drop(exchange, memory, memory.current)

    def take_better(self, exchange: Exchange, memory: SessionSummary, current: Summary, better: Summary) -> None:
        """The model's text in the place of what stood for it: the second and last change of this compression."""
        memory.better = None
        if better.created_at_ms != current.created_at_ms or not self.store.submit(better):
            return
        memory.current = better
        exchange.is_summary_new = True
        message = f"the summary of {better.messages} messages is now the one that {better.writer} wrote"
        self.event(exchange, better, message, "written")

    def drop(self, exchange: Exchange, memory: SessionSummary, current: Summary) -> None:
        self.store.submit(replace(current, active=False))
        memory.current = memory.better = None
        message = f"an older message was edited: the summary of {current.messages} messages is no longer used"
        self.event(exchange, current, message, "dropped")

    def event(self, exchange: Exchange, summary: Summary, message: str, step: str) -> None:
        data = {"step": step, "summary": summary.created_at_ms, "messages": summary.messages,
                "writer": summary.writer, "cost_usd": summary.cost_usd}  # fmt: skip
        self.store.submit(
            Event(
                at_ms=exchange.started_at_ms,
                kind="compression",
                session_id=exchange.session_id,
                message=message,
                data=data,
            )
        )


def put(exchange: Exchange, summary: Summary, messages: range) -> None:
    """Let the summary stand for these messages of the request, whatever was to take their place before."""
    assert exchange.request
    assert exchange.reading
    request, facts = exchange.request, exchange.reading.messages
    start, end = request.messages[messages.start][0], request.messages[messages.stop - 1][1]
    for span in [span for span in exchange.replacements if start <= span[0] and span[1] <= end]:
        del exchange.replacements[span]
    for index in [index for index in exchange.masked if index in messages]:
        exchange.masked_tokens_saved -= exchange.masked.pop(index)
        exchange.masked_count -= 1
    exchange.covered = messages
    exchange.replacements[start, end] = rendered(summary, exchange.endpoint.wire, facts[messages.stop].role)
    exchange.compressed_tokens_saved = sum(facts[index].tokens for index in messages) - summary.tokens_after
