"""Which call a line of the IDE's log belongs to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.logged_usage import Call, LoggedUsage, matches

AT_MS = 1_790_000_000_000


def logged(**fields: Any) -> LoggedUsage:
    usual: dict[str, Any] = {"at_ms": AT_MS, "model": "kimi-k2", "prompt_tokens": 5_000, "completion_tokens": 300}
    return LoggedUsage(**(usual | fields))


def call(id: int = 1, **fields: Any) -> Call:
    usual: dict[str, Any] = {"ended_at_ms": AT_MS, "models": ("kimi-k2",), "prompt_tokens": 5_000}
    return Call(id=id, **(usual | fields))


ONE_OF_EACH = {
    "equal": (logged(), call(), True),
    "the IDE writes a moment later": (logged(at_ms=AT_MS + 800), call(), True),
    "the provider ends its stream after the IDE wrote": (logged(at_ms=AT_MS - 4_900), call(), True),
    "at quite another time": (logged(at_ms=AT_MS + 5_001), call(), False),
    "another model": (logged(model="codestral"), call(), False),
    "the same model, written otherwise": (logged(model="models/Kimi-K2"), call(), True),
    "the model it was asked for before it was routed": (logged(), call(models=("large", "kimi-k2")), True),
    "the factor of another tokenizer": (logged(prompt_tokens=6_300), call(), True),
    "a prompt of quite another size": (logged(prompt_tokens=500), call(prompt_tokens=40_000), False),
    "the tools are not in the IDE's count": (
        logged(prompt_tokens=900),
        call(prompt_tokens=6_900, tools_tokens=6_000),
        True,
    ),
    "short prompts differ by their template": (logged(prompt_tokens=20), call(prompt_tokens=400), True),
    "a request that was not read": (logged(), call(prompt_tokens=None), True),
    "a log without a prompt": (logged(prompt_tokens=None), call(), True),
}


@pytest.mark.parametrize(("usage", "recorded", "is_match"), ONE_OF_EACH.values(), ids=ONE_OF_EACH.keys())
def test_a_line_and_a_call_match_by_time_model_and_size(usage: LoggedUsage, recorded: Call, is_match: bool) -> None:
    assert matches([usage], [recorded]) == ({0: recorded} if is_match else {})


def test_of_two_calls_at_once_the_size_decides() -> None:
    chat, title = call(1, prompt_tokens=30_000), call(2, prompt_tokens=700, ended_at_ms=AT_MS + 100)
    found = matches([logged(prompt_tokens=650), logged(prompt_tokens=29_000, at_ms=AT_MS + 100)], [chat, title])
    assert {index: match.id for index, match in found.items()} == {0: 2, 1: 1}


def test_of_equal_calls_the_nearer_in_time_is_taken() -> None:
    calls = [call(1, ended_at_ms=AT_MS - 1_000), call(2, ended_at_ms=AT_MS + 50)]
    found = matches([logged(), logged(at_ms=AT_MS - 900)], calls)
    assert {index: match.id for index, match in found.items()} == {0: 2, 1: 1}


def test_what_is_left_over_matches_nothing() -> None:
    assert matches([logged(), logged(at_ms=AT_MS + 1)], [call()]).keys() == {0}
    assert matches([], [call()]) == matches([logged()], []) == {}


TOKENS = st.none() | st.integers(0, 10**9)
TIMES = st.integers(AT_MS - 10_000, AT_MS + 10_000)


@given(st.lists(st.tuples(TIMES, TOKENS), max_size=8), st.lists(st.tuples(TIMES, TOKENS, TOKENS), max_size=8))
def test_nothing_is_matched_twice(lines: list[Any], ends: list[Any]) -> None:
    usages = [logged(at_ms=at_ms, prompt_tokens=tokens) for at_ms, tokens in lines]
    calls = [
        call(id, ended_at_ms=at_ms, prompt_tokens=tokens, tools_tokens=tools or 0)
        for id, (at_ms, tokens, tools) in enumerate(ends)
    ]
    found = matches(usages, calls)
    assert len({match.id for match in found.values()}) == len(found)
    assert found.keys() <= set(range(len(usages)))
