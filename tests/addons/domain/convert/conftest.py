"""Builders of conversations in OpenAI's form, and what compares two of them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

Json = dict[str, Any]

TEXT = st.text(min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ARGUMENTS = st.dictionaries(TEXT, VALUES, max_size=3)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,20}", fullmatch=True)


@st.composite
def _step(draw: st.DrawFn) -> list[Json]:
    """An assistant's message with calls, and their results in any order."""
    ids = draw(st.lists(st.from_regex(r"[a-z]{1,6}:[0-9]{1,3}", fullmatch=True), min_size=1, max_size=3, unique=True))
    calls = [
        {"id": one, "type": "function", "function": {"name": draw(NAMES), "arguments": json.dumps(draw(ARGUMENTS))}}
        for one in ids
    ]
    results = [{"role": "tool", "tool_call_id": one, "content": draw(st.text(max_size=20))} for one in ids]
    content = draw(st.none() | TEXT)
    return [{"role": "assistant", "content": content, "tool_calls": calls}, *draw(st.permutations(results))]


@st.composite
def _exchange(draw: st.DrawFn) -> list[Json]:
    steps = draw(st.lists(_step(), max_size=2))
    question: Json = {"role": "user", "content": draw(TEXT)}
    return [question, *(message for step in steps for message in step), {"role": "assistant", "content": draw(TEXT)}]


EXCHANGES = st.lists(_exchange(), min_size=1, max_size=4)
SYSTEM = st.lists(st.fixed_dictionaries({"role": st.just("system"), "content": TEXT}), max_size=2)


@pytest.fixture(scope="session")
def exchanges() -> st.SearchStrategy[list[list[Json]]]:
    return EXCHANGES


@pytest.fixture(scope="session")
def systems() -> st.SearchStrategy[list[Json]]:
    return SYSTEM


@pytest.fixture(scope="session")
def in_call_order() -> Callable[[list[Json]], list[Json]]:
    """Tool results in the order of their calls: the only order that a conversion keeps."""

    def sort(messages: list[Json]) -> list[Json]:
        ordered: list[Json] = []
        ranks: dict[str, int] = {}
        for message in messages:
            if message["role"] == "assistant":
                ranks = {call["id"]: rank for rank, call in enumerate(message.get("tool_calls", []))}
            if message["role"] == "tool":
                at = len(ordered)
                while (
                    at
                    and ordered[at - 1]["role"] == "tool"
                    and ranks[ordered[at - 1]["tool_call_id"]] > ranks[message["tool_call_id"]]
                ):
                    at -= 1
                ordered.insert(at, message)
            else:
                ordered.append(message)
        return ordered

    return sort
