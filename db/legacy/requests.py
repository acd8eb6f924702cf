"""A row of the predecessor's `metrics`: one request, as it counted it."""

from dataclasses import dataclass
from functools import cached_property

from addons.domain.completion import Completion, Outcome, Source
from addons.domain.kinds import Kind
from addons.domain.usage import UsageSource
from db.legacy.items import Amounts, OldSession
from db.legacy.source import Row
from db.legacy.values import count, fraction

ANSWERED = 200
"""The predecessor kept no status. It counted every request as answered, and so do the sums here."""


@dataclass(frozen=True)
class OldRequest:
    """Its counts, each looked at once."""

    row: Row
    estimate: int
    """The column `estimated_tokens`; 0 where it says nothing, as in the two others."""
    prompt: int
    answer: int

    @classmethod
    def of(cls, row: Row) -> "OldRequest":
        names = ("estimated_tokens", "prompt_tokens", "completion_tokens")
        return cls(row, *(count(row.get(name)) or 0 for name in names))

    @cached_property
    def is_reported(self) -> bool:
        """Where the file does not say, counts that are there are taken to be the provider's."""
        estimated = self.row.get("is_estimated")
        return bool(self.prompt) if estimated is None else count(estimated) == 0

    @cached_property
    def is_overwritten(self) -> bool:
        """The predecessor wrote a reported total of prompt and answer over its estimate of the prompt."""
        return self.prompt > 0 and self.is_reported and self.estimate == self.prompt + self.answer

    @property
    def usage_source(self) -> UsageSource | None:
        if not self.prompt and not self.answer:
            return None
        if self.row.get("source") == "logs":
            return UsageSource.LOGGED
        return UsageSource.REPORTED if self.is_reported else UsageSource.ESTIMATED

    @property
    def amounts(self) -> Amounts:
        return Amounts(
            estimated_tokens=self.estimate,
            overwritten_tokens=self.estimate if self.is_overwritten else 0,
            prompt_tokens=self.prompt or self.estimate,
            completion_tokens=self.answer,
            memory_tokens=count(self.row.get("memory_tokens")) or 0,
        )

    def completion(self, session: OldSession | None, started_at_ms: int) -> Completion:
        estimate = None if self.is_overwritten else self.estimate or None
        answer_is_known = self.answer or (self.is_reported and self.prompt)
        return Completion(
            session_id=session.id if session else None,
            started_at_ms=started_at_ms,
            source=Source.LEGACY,
            provider=session.provider if session else "",
            model=session.model if session else "",
            kind=Kind.CHAT,
            stream=True,  # as Continue always asks; the predecessor did not keep it
            status=ANSWERED,
            outcome=Outcome.OK,
            prompt_tokens_before=estimate,
            prompt_tokens_sent=estimate,
            prompt_tokens=self.prompt or None,
            completion_tokens=self.answer if answer_is_known else None,
            usage_source=self.usage_source,
            context_fill=fraction(self.row.get("percentage")),
            memory_tokens=count(self.row.get("memory_tokens")),
            memory_ratio=fraction(self.row.get("memory_ratio")),
        )

    def notes(self, made: Completion) -> list[str]:
        """What is odd about it."""
        notes = [] if made.session_id else ["its session is not in the file"]
        if made.usage_source is None:
            notes.append("estimate only")
        elif self.is_overwritten:
            notes.append("estimate overwritten by the reported total")
        if made.context_fill is not None and made.context_fill > 1:
            notes.append("more than the context window")
        return notes
