"""What a model is asked, and what instead where it could not answer."""

import pytest

from addons.domain.completion import Outcome
from addons.domain.compression.asking import Reply, first_question, second_question
from addons.domain.provider_errors import ErrorClass, ProviderError
from addons.domain.wire.writing import Question

FIRST = first_question("groq", "m", "text", 500, {"max_tokens", "messages"}, thinks=False)


def failed(status: int | None, error_class: ErrorClass, message: str = "") -> Reply:
    return Reply(status=status, error=ProviderError(error_class, message))


@pytest.mark.parametrize(
    ("provider", "fields", "thinks", "expected"),
    [
        ("groq", {"max_tokens"}, False, ("max_tokens", 500, 0.3)),
        ("groq", {"max_completion_tokens"}, False, ("max_completion_tokens", 500, 0.3)),
        ("kimi-code", set[str](), False, ("max_tokens", 500, None)),
        ("groq", set[str](), True, ("max_tokens", 4_596, 0.3)),
    ],
    ids=["usual", "as the client calls it", "Kimi has its own temperature", "one that thinks"],
)
def test_the_first_question(provider: str, fields: set[str], thinks: bool, expected: tuple[object, ...]) -> None:
    question = first_question(provider, "m", "text", 500, fields, thinks=thinks)
    assert (question.max_tokens_field, question.max_tokens, question.temperature) == expected


def changed(question: Question | None) -> tuple[object, ...] | None:
    return question and (question.max_tokens_field, question.max_tokens, question.temperature)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(text="A summary.", status=200), None),
        (Reply(status=200), ("max_tokens", 4_596, 0.3)),
        (failed(400, ErrorClass.BAD_REQUEST, "invalid temperature"), ("max_tokens", 500, None)),
        (failed(400, ErrorClass.BAD_REQUEST, "max_tokens is not supported"), ("max_completion_tokens", 500, None)),
        (failed(400, ErrorClass.CONTEXT), None),
        (failed(429, ErrorClass.RATE), None),
        (failed(401, ErrorClass.AUTH), None),
        (failed(None, ErrorClass.TRANSPORT), None),
    ],
    ids=["answered", "only thought", "temperature", "the limit's name", "too long", "rate", "auth", "not reached"],
)
def test_it_is_asked_again_only_where_that_can_help(reply: Reply, expected: tuple[object, ...] | None) -> None:
    assert changed(second_question(FIRST, reply)) == expected


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(text="x", status=200), Outcome.OK),
        (failed(500, ErrorClass.OVERLOAD), Outcome.ERROR),
        (failed(None, ErrorClass.TRANSPORT), Outcome.UPSTREAM_ABORT),
        (failed(None, ErrorClass.RATE), Outcome.BLOCKED),
    ],
    ids=["ok", "error", "not reached", "held back"],
)
def test_how_the_call_ended(reply: Reply, outcome: Outcome) -> None:
    assert reply.outcome is outcome
