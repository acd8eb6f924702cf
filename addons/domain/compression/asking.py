"""How a model is asked for a summary, and what is asked instead where it could not answer."""

from collections.abc import Set
from dataclasses import dataclass, replace

from addons.domain.completion import Outcome
from addons.domain.compression.prompt import REASONING_ROOM, TEMPERATURE, system
from addons.domain.provider_errors import ErrorClass, ProviderError
from addons.domain.usage import Usage
from addons.domain.wire.writing import Question

OWN_TEMPERATURE = frozenset({"kimi-code", "moonshot"})
"""Providers whose newer models refuse every temperature but their own (litellm's moonshot: from K2.5 on)."""
NEWER_FIELD, OLDER_FIELD = "max_completion_tokens", "max_tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: str = ""
    usage: Usage | None = None
    status: int | None = None
    """None where no answer came."""
    error: ProviderError | None = None
    """Why there is no text, where somebody said so."""

    @property
    def outcome(self) -> Outcome:
        if self.status is None:
            held_back = self.error is not None and self.error.error_class is ErrorClass.RATE
            return Outcome.BLOCKED if held_back else Outcome.UPSTREAM_ABORT
        return Outcome.ERROR if self.error else Outcome.OK


def first_question(provider: str, model: str, text: str, tokens: int, fields: Set[str], *, thinks: bool) -> Question:
    """`fields`: the names in the client's own requests, which say how this provider calls the limit of an answer.

    `thinks`: the model is known to think before it writes, and needs room for that.
    """
    return Question(
        model=model,
        system=system(tokens),
        text=text,
        max_tokens=tokens + REASONING_ROOM if thinks else tokens,
        max_tokens_field=NEWER_FIELD if NEWER_FIELD in fields else OLDER_FIELD,
        temperature=None if provider in OWN_TEMPERATURE else TEMPERATURE,
    )


def second_question(question: Question, reply: Reply) -> Question | None:
    """After a parameter was refused: without it. After nothing was written: with room to think. Else None: asking
    again would not help."""
    if reply.error is not None:
        if reply.status not in (400, 422) or reply.error.error_class is not ErrorClass.BAD_REQUEST:
            return None
        field = question.max_tokens_field
        if field in reply.error.message:
            field = OLDER_FIELD if field == NEWER_FIELD else NEWER_FIELD
        return replace(question, temperature=None, max_tokens_field=field)
    if reply.status is None or reply.text:
        return None
    return replace(question, max_tokens=question.max_tokens + REASONING_ROOM)
