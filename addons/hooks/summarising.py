"""Summarising: has a model write a summary, in the background, while a heuristic one serves.

The call goes to the session's own provider with the credentials of the request at hand; they live in the task alone. It
waits for the provider's limits like any other, and is asked twice at most (`domain.compression.asking`). Whatever goes
wrong is an event and no more, because the heuristic summary stays. A call under way when the proxy stops is given up,
and not made again.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mitmproxy import http

from addons.domain.completion import Completion
from addons.domain.compression import prompt
from addons.domain.compression.asking import Reply, first_question, second_question
from addons.domain.compression.summary import Summary, content, kept_text
from addons.domain.events import Event, Level
from addons.domain.kinds import Kind
from addons.domain.messages import Message
from addons.domain.pacing.cost import cost_of, tokens_used
from addons.domain.pacing.lane import Demand
from addons.domain.pricing import cost
from addons.domain.provider_errors import ErrorClass, ProviderError
from addons.domain.tokens import TOKENS_PER_MESSAGE, TOKENS_PER_ROLE, TokenCounter
from addons.domain.wire.writing import Question, question_body
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchange
from addons.hooks.pacing import Pacing
from addons.hooks.ratelimit import credential_of
from addons.hooks.recording import counts
from addons.hooks.store import Store, now_ms
from addons.hooks.summaries import SessionSummary
from addons.hooks.upstream import place_of
from addons.services.pacing.passes import Refused
from addons.services.summarizer import Place, ask

MOST_TIMEOUT_S = 60.0
"""A summary that comes later would change a prefix that has grown again."""
NO_MODEL = "none"
"""`compression.model`: summaries are gathered from the messages alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A summary to be written."""

    summary: Summary
    """The heuristic one that serves meanwhile."""
    messages: Sequence[Message]
    earlier: str
    """The summary of what came before these messages; "" where they are all."""
    request: str
    """The person's latest words among what is summarised."""
    tokens: int
    """Most of the text."""


@dataclass(frozen=True, slots=True)
class Job:
    """An order and where it is carried out."""

    order: Order
    exchange: Exchange
    place: Place
    model: str
    credential: str = field(repr=False)
    """What the provider counts by."""

    @property
    def target(self) -> tuple[str, str]:
        return self.exchange.endpoint.provider, self.model


class Summarising:
    def __init__(self, configuration: Configuration, store: Store, counter: TokenCounter, pacing: Pacing) -> None:
        self.configuration = configuration
        self.store = store
        self.counter = counter
        self.pacing = pacing
        self.tasks: dict[str, asyncio.Task[None]] = {}
        """By session: a newer order takes the place of one under way."""
        self.ask = ask
        self.thinkers: set[tuple[str, str]] = set()
        """Provider and model that wrote nothing without room to think."""

    def start(self, flow: http.HTTPFlow, exchange: Exchange, memory: SessionSummary, order: Order) -> None:
        wanted = self.configuration.settings.compression.model
        if wanted == NO_MODEL:
            return
        if exchange.asked and exchange.asked.endpoint.provider != exchange.endpoint.provider:
            return  # the credentials at hand are another provider's: the summary gathered from the messages stays
        model = wanted if wanted and exchange.provider.model(wanted) else exchange.model_id
        timeout_s = min(MOST_TIMEOUT_S, exchange.provider.timeout_s)
        place = place_of(flow.request, exchange, model, timeout_s)
        job = Job(order, exchange, place, model, credential_of(flow.request))
        self.stop(memory.session_id)
        task = asyncio.get_running_loop().create_task(self.write(job, memory))
        self.tasks[memory.session_id] = task
        task.add_done_callback(lambda ended: self.forget(memory.session_id, ended))

    def stop(self, session_id: str) -> None:
        if task := self.tasks.pop(session_id, None):
            task.cancel()

    def forget(self, session_id: str, task: asyncio.Task[None]) -> None:
        if self.tasks.get(session_id) is task:
            del self.tasks[session_id]

    def stop_all(self) -> None:
        for session_id in list(self.tasks):
            self.stop(session_id)

    async def write(self, job: Job, memory: SessionSummary) -> None:
        """One order, to its end."""
        try:
            question = await asyncio.to_thread(self.question, job)
            reply, spent = await self.asked(job, question)
            if not reply.text:
                self.failed(job.order, reply.error.message if reply.error else "the model wrote nothing")
                return
            better = await asyncio.to_thread(self.better, job, reply.text, spent)
            if memory.current and memory.current.created_at_ms == better.created_at_ms:
                memory.better = better
        except Exception as error:  # noqa: BLE001 - nobody waits for it, and the heuristic summary serves
            self.failed(job.order, type(error).__name__)

    def question(self, job: Job) -> Question:
        order, request = job.order, job.exchange.request
        assert request
        budget = prompt.transcript_budget(job.exchange.window)
        text = prompt.transcript(order.messages, order.earlier, budget, self.counter.count)
        provider, fields = job.exchange.endpoint.provider, request.fields.keys()
        return first_question(provider, job.model, text, order.tokens, fields, thinks=job.target in self.thinkers)

    async def asked(self, job: Job, question: Question) -> tuple[Reply, float | None]:
        """The reply, and what all attempts cost together (US dollars, None if not known)."""
        reply, spent = await self.once(job, question)
        again = second_question(question, reply)
        if again is None:
            return reply, spent
        if again.max_tokens > question.max_tokens:
            self.thinkers.add(job.target)
        reply, more = await self.once(job, again)
        return reply, None if spent is None and more is None else (spent or 0.0) + (more or 0.0)

    async def once(self, job: Job, question: Question) -> tuple[Reply, float | None]:
        started_at_ms, started_s = now_ms(), time.perf_counter()
        estimate = self.counter.count(question.system) + self.counter.count(question.text)
        reply = await self.in_turn(job, question, estimate)
        spent = cost(reply.usage, job.exchange.provider.model(question.model)) if reply.usage else None
        completion = Completion(
            session_id=job.order.summary.session_id,
            project=job.exchange.project,
            started_at_ms=started_at_ms,
            provider=job.exchange.endpoint.provider,
            model=question.model,
            kind=Kind.COMPRESSION,
            stream=False,
            status=reply.status,
            outcome=reply.outcome,
            error_class=reply.error.error_class if reply.error else "",
            error_message=reply.error.message if reply.error else "",
            prompt_tokens_before=estimate,
            prompt_tokens_sent=estimate,
            **counts(reply.usage),
            duration_ms=(time.perf_counter() - started_s) * 1000,
            cost_usd=spent,
            cost_unmodified_usd=None if spent is None else 0.0,  # without us there would be no such call
            proxy_id=self.store.proxy_id,
        )
        self.store.submit(completion)
        return reply, spent

    async def in_turn(self, job: Job, question: Question, estimate: int) -> Reply:
        """The reply, once the provider's limits have room for it."""
        settings, pacer, exchange = self.configuration.settings.pacing, self.pacing.pacer, job.exchange
        body = question_body(job.place.wire, question)
        if not settings.enabled or pacer is None:
            return await self.ask(job.place, body)
        demand = Demand(
            provider_key=exchange.endpoint.provider,
            provider=exchange.provider,
            model_id=job.model,
            credential=job.credential,
            session=job.order.summary.session_id,
            cost=cost_of(estimate, question.max_tokens, exchange.provider.limits),
        )
        granted = await pacer.admit(demand, settings, patience_s=settings.max_wait_s, is_there=lambda: True)
        if isinstance(granted, Refused):
            return Reply(error=ProviderError(ErrorClass.RATE, "the provider's limits leave no room for it"))
        reply = Reply()
        try:
            reply = await self.ask(job.place, body)
        finally:
            if granted:
                await pacer.ended(granted, tokens_used(reply.usage))
        return reply

    def better(self, job: Job, text: str, spent: float | None) -> Summary:
        order, count = job.order, self.counter.count
        request = kept_text(order.request, order.tokens // 2, count)
        kept = kept_text(text, order.tokens - count(request), count)
        made = replace(order.summary, text=kept, request=request, writer=job.model, cost_usd=spent)
        return with_tokens(made, self.counter)

    def failed(self, order: Order, reason: str) -> None:
        self.store.submit(
            Event(
                at_ms=now_ms(),
                kind="compression",
                level=Level.WARNING,
                session_id=order.summary.session_id,
                message=f"no model wrote the summary: {reason}; the one gathered from the messages stays",
                data={"step": "failed", "summary": order.summary.created_at_ms, "why": reason},
            )
        )


def with_tokens(summary: Summary, counter: TokenCounter) -> Summary:
    """With the estimate of the message that it is."""
    return replace(summary, tokens_after=TOKENS_PER_MESSAGE + TOKENS_PER_ROLE + counter.count(content(summary)))
