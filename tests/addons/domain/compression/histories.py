"""Histories as clients send them, as facts: valid for every provider, with anything that may stand between."""

import random
from collections.abc import Sequence

from hypothesis import strategies as st

from addons.domain.facts import MessageFacts
from addons.domain.messages import Role

ROLES = {"s": Role.SYSTEM, "u": Role.USER, "a": Role.ASSISTANT, "t": Role.TOOL, "o": Role.USER}
"""`o`: the output of one of Continue's system-message tools, whose role is user."""


def history(letters: str, tokens: int = 100) -> list[MessageFacts]:
    """One message a letter, each with a key of its own, as its place says."""
    return [fact(letter, index, tokens) for index, letter in enumerate(letters)]


def fact(letter: str, index: int, tokens: int = 100) -> MessageFacts:
    key = b"" if letter == "s" else index.to_bytes(16, "big")
    return MessageFacts(
        digest=index.to_bytes(16, "big"),
        role=ROLES[letter],
        tokens=tokens,
        key=key,
        has_tool_result=letter in "to",
        is_turn=letter == "u",
    )


def keys(messages: Sequence[MessageFacts]) -> bytes:
    return b"".join(facts.key for facts in messages)


@st.composite
def letters(draw: st.DrawFn) -> str:
    """An agent's history: turns of steps, each step with some results, system messages here and there."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    text = "s" if draw(st.booleans()) else ""
    for _ in range(draw(st.integers(0, 12))):
        text += "u" * chance.choice([1, 1, 1, 2])
        if chance.random() < 0.1:
            text += "s"
        for _ in range(chance.choice([0, 1, 1, 3])):
            text += "a" + chance.choice("to") * chance.choice([1, 1, 2])
        text += "a" if chance.random() < 0.9 else ""
    return text + "u"
