"""Recording: freezes each exchange into a Completion when its flow has ended, however it ended."""

import time
from typing import Any

from mitmproxy import ctx, http

from addons.domain.completion import Completion, Outcome
from addons.domain.events import Event, Level
from addons.domain.headers import kept
from addons.domain.kinds import FILLS_CONTEXT, GENERATES_NOTHING, Kind
from addons.domain.pricing import cost, cost_uncached, cost_unmodified
from addons.domain.provider_errors import ErrorClass, ProviderError, classify_error
from addons.domain.scrub import scrub
from addons.domain.sessions import SessionIndex
from addons.domain.tokens import TokenCounter
from addons.domain.usage import Usage, UsageSource
from addons.hooks.composing import Composing
from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.station import fail
from addons.hooks.store import Store, now_ms

TRACE_HEADERS = ("x-trace-id", "x-generation-id", "x-request-id", "request-id", "nvcf-reqid")
"""Where providers put their own id of a request, most specific first: Kimi, OpenRouter, Groq, Anthropic, NVIDIA."""


class Recording:
    def __init__(self, exchanges: Exchanges, sessions: SessionIndex, store: Store, counter: TokenCounter) -> None:
        self.exchanges = exchanges
        self.sessions = sessions
        self.store = store
        self.counter = counter
        self.composing = Composing()

    def response(self, flow: http.HTTPFlow) -> None:
        self.finish(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        self.finish(flow)

    def done(self) -> None:
        """An orderly stop records what is still under way, with what was counted so far."""
        for flow, _ in self.exchanges.unfinished():
            self.finish(flow, stopped=True)

    def finish(self, flow: http.HTTPFlow, stopped: bool = False) -> None:
        exchange = self.exchanges.of(flow)
        if exchange is None or exchange.recorded:
            return
        exchange.recorded = True
        try:
            if exchange.tap:
                exchange.tap.read()
            # mitmproxy hangs up on its clients before it says that it is done, and calls that the clients' doing.
            completion = self.completion(flow, exchange, stopped or ctx.master.should_exit.is_set())
            if not self.store.submit(completion):
                self.composing.listing.lost(exchange)
            if seen := self.composing.memory_seen(exchange):
                self.store.submit(seen)
            if exchange.match:
                self.end_match(exchange, exchange.match.session_id, completion.outcome is Outcome.OK)
        except Exception as error:  # noqa: BLE001 - the answer has reached the client; only the record is lost, and said so
            fail(exchange, "Recording", error, "the call is not recorded")
        for failure in exchange.failures:
            self.store.submit(failure_event(exchange, failure))

    def end_match(self, exchange: Exchange, session_id: str, answered: bool) -> None:
        self.sessions.ended(session_id, now_ms=now_ms(), answered=answered, text=exchange.answer_text)
        if exchange.kind is Kind.COMPACTION and answered:
            # The client's next history may start with this answer instead of the messages it sums up.
            self.sessions.note_answer_summary(session_id, exchange.answer_text)
        if state := self.sessions.state(session_id):
            self.store.submit(state)

    def completion(self, flow: http.HTTPFlow, exchange: Exchange, stopped: bool) -> Completion:
        outcome, error = outcome_of(flow, exchange, stopped)
        usage = exchange.usage or self.estimated_usage(exchange, outcome)
        reading, match = exchange.reading, exchange.match
        return Completion(
            session_id=exchange.session_id,
            project=exchange.project,
            started_at_ms=exchange.started_at_ms,
            provider=exchange.endpoint.provider,
            model=exchange.model_id,
            routed_from=exchange.asked.name if exchange.asked else "",
            kind=exchange.kind,
            stream=exchange.stream,
            status=flow.response.status_code if flow.response else None,
            outcome=outcome,
            error_class=error.error_class if error else "",
            error_message=error.message if error else "",
            prompt_tokens_before=reading.total_tokens if reading else None,
            prompt_tokens_sent=exchange.sent_tokens,
            prompt_tokens_calibrated=exchange.calibrated_tokens,
            **counts(usage),
            context_window=exchange.window,
            context_fill=fill(exchange, usage),
            masked_count=exchange.masked_count,
            masked_tokens_saved=exchange.masked_tokens_saved,
            compressed_tokens_saved=exchange.compressed_tokens_saved,
            epoch=exchange.is_epoch,
            ttfb_ms=milliseconds(exchange.received_at_s, exchange.first_byte_at_s),
            duration_ms=milliseconds(exchange.received_at_s, time.perf_counter()),
            rate_wait_ms=exchange.rate_wait_ms,
            overhead_ms=overhead_ms(exchange),
            **costs(exchange, usage),
            message_count=len(reading.messages) if reading else None,
            **self.composing.fields(exchange, self.store.configuration.settings.memory.servers),
            turn=reading.turns if reading and match else None,
            retry_of_ms=match.repeat_of_ms if match else None,
            trace_id=trace_id(flow),
            headers=headers_of(flow),
            proxy_id=self.store.proxy_id,
        )

    def estimated_usage(self, exchange: Exchange, outcome: Outcome) -> Usage | None:
        """What was counted here, where the provider reported nothing; None where an error was the answer."""
        unanswered = outcome in (Outcome.ERROR, Outcome.BLOCKED)
        if exchange.reading is None or exchange.first_byte_at_s is None or unanswered:
            return None
        count = self.counter.count
        return Usage(
            prompt_tokens=exchange.sent_tokens,
            completion_tokens=None
            if exchange.answer_unread
            else count(exchange.answer_text) + count(exchange.other_text),
            source=UsageSource.ESTIMATED,
        )


def counts(usage: Usage | None) -> dict[str, Any]:
    """The fields of a Completion that a usage fills."""
    if usage is None:
        return {}
    return {
        "prompt_tokens": usage.prompt_tokens,
        "cached_tokens": usage.cached_tokens,
        "completion_tokens": usage.completion_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "usage_source": usage.source,
    }


def costs(exchange: Exchange, usage: Usage | None) -> dict[str, Any]:
    """The fields of a Completion that are money."""
    if usage is None:
        return {}
    model = exchange.model
    return {
        "cost_usd": cost(usage, model),
        "cost_unmodified_usd": cost_unmodified(usage, model, exchange.saved_tokens, exchange.lost_tokens),
        "cost_uncached_usd": cost_uncached(usage, model),
    }


def outcome_of(flow: http.HTTPFlow, exchange: Exchange, stopped: bool) -> tuple[Outcome, ProviderError | None]:
    """How the call ended, and the error where the provider named one."""
    if exchange.refusal:
        return Outcome.BLOCKED, exchange.refusal
    status = flow.response.status_code if flow.response else None
    if status is not None and (status >= 400 or exchange.answer_error):
        return Outcome.ERROR, classify_error(status, exchange.answer_error)
    if exchange.answer_finished:
        return Outcome.OK, None  # also where one side closed the connection before the other had
    if flow.error or stopped:
        message = flow.error.msg if flow.error and not stopped else "the proxy was stopped"
        # A request that is not whole has gone nowhere yet; mitmproxy's words for it are those for half an answer.
        gone = message.startswith("Client disconnected") or (exchange.received_at_s is None and not stopped)
        error = ProviderError(ErrorClass.TRANSPORT, scrub(message)[:500])
        return (Outcome.CLIENT_ABORT if gone else Outcome.UPSTREAM_ABORT), error
    if exchange.request and not exchange.answer_unread and (exchange.stream or says_nothing(exchange)):
        what = "the stream ended without a finish reason" if exchange.stream else "the answer cannot be read as one"
        return Outcome.UPSTREAM_ABORT, ProviderError(ErrorClass.TRANSPORT, what)
    return Outcome.OK, None


def says_nothing(exchange: Exchange) -> bool:
    """Whether what came in a model's place is none of its answers: a page of a gateway's, broken JSON, nothing at all.

    Asked of what came in one piece and has no finish reason.
    """
    told = exchange.usage or exchange.answer_text or exchange.other_text
    return exchange.kind not in GENERATES_NOTHING and not told


def fill(exchange: Exchange, usage: Usage | None) -> float | None:
    """Share of the context window that the prompt takes: as reported, else as estimated and calibrated."""
    if exchange.kind not in FILLS_CONTEXT or exchange.window is None:
        return None
    is_reported = usage is not None and usage.source is not UsageSource.ESTIMATED
    reported = usage.prompt_tokens if usage and is_reported else None
    tokens = exchange.calibrated_tokens if reported is None else reported
    return None if tokens is None else tokens / exchange.window


def headers_of(flow: http.HTTPFlow) -> dict[str, dict[str, str]]:
    """Those that may be kept; the request's as they were forwarded."""
    answered = kept(flow.response.headers.items(multi=True)) if flow.response else {}
    return {"request": kept(flow.request.headers.items(multi=True)), "response": answered}


def trace_id(flow: http.HTTPFlow) -> str:
    headers = flow.response.headers if flow.response else {}
    return next((headers[name][:200] for name in TRACE_HEADERS if name in headers), "")


def overhead_ms(exchange: Exchange) -> float | None:
    """Without what it waited for the provider's limits: that is no work of ours."""
    spent_ms = milliseconds(exchange.received_at_s, exchange.forwarded_at_s)
    return None if spent_ms is None else max(0.0, spent_ms - (exchange.rate_wait_ms or 0))


def milliseconds(start_s: float | None, end_s: float | None) -> float | None:
    return None if start_s is None or end_s is None else (end_s - start_s) * 1000


def failure_event(exchange: Exchange, failure: str) -> Event:
    return Event(at_ms=now_ms(), kind="failure", level=Level.WARNING, session_id=exchange.session_id, message=failure)
