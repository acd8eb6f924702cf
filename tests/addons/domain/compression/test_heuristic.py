"""The summary that no model writes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.compression.heuristic import HEADINGS, heuristic_summary, own_words
from addons.domain.messages import Message, Part, PartType, Role
from addons.domain.tokens import TokenCounter
from addons.domain.wire import FORMATS
from addons.services.simulator import story

COUNTER = TokenCounter()


def user(text: str) -> Message:
    return Message(Role.USER, (Part(PartType.TEXT, text),))


def said(text: str, *calls: Part) -> Message:
    return Message(Role.ASSISTANT, (Part(PartType.TEXT, text), *calls))


def ran(command: str, output: str, number: int) -> list[Message]:
    call = Part(PartType.TOOL_CALL, json.dumps({"command": command}), "run_terminal_command", str(number))
    return [said("", call), Message(Role.TOOL, (Part(PartType.TOOL_RESULT, output, "", str(number)),))]


def summary(messages: list[Message], budget: int = 500, earlier: str = "") -> str:
    return heuristic_summary(messages, budget, COUNTER.count, earlier)


WORK = [
    user("Repair the fee. Never touch the public API."),
    *ran("pytest tests/test_fee.py", "E   assert 3 == 2\n===== 1 failed in 0.1s =====", 1),
    said("The cause is that the fee is rounded twice, so I round once instead."),
    *ran("pytest tests/test_fee.py", "===== 2 passed in 0.1s =====", 2),
    *ran("mypy src", "src/a.py:3: error: Incompatible types\nexit code 1", 3),
    user("And now the types."),
    said("I start with a.py. The first error is in line 3."),
]


def test_it_tells_goals_decisions_commands_and_what_is_open() -> None:
    text = summary(WORK)
    for part in (
        "- Repair the fee. Never touch the public API.",
        "- And now the types.",
        "- The cause is that the fee is rounded twice, so I round once instead.",
        "- `pytest tests/test_fee.py` (2 times): 2 passed in 0.1s",
        "- mypy src: src/a.py:3: error: Incompatible types",
        "- The first error is in line 3.",
    ):
        assert part in text
    assert "tests/test_fee.py: E" not in text  # it went well since


def test_it_is_the_same_for_the_same_messages() -> None:
    assert summary(WORK) == summary(list(WORK))


@pytest.mark.parametrize("budget", [100, 200, 500, 2_000])
def test_a_real_conversation_keeps_the_budget_and_the_persons_words(budget: int) -> None:
    wire = FORMATS["openai"]
    messages = [wire.parse_message(json.dumps(each).encode()) for each in story.long_conversation().messages]
    text = summary(messages, budget)
    assert COUNTER.count(text) <= budget
    assert HEADINGS[1] in text


@given(st.lists(st.tuples(st.sampled_from(list(Role)), st.text(max_size=200)), max_size=12), st.integers(0, 300))
def test_any_messages_give_a_summary_within_the_budget(parts: list[tuple[Role, str]], budget: int) -> None:
    messages = [Message(role, (Part(PartType.TEXT, text),)) for role, text in parts]
    assert COUNTER.count(summary(messages, budget)) <= budget


def test_an_earlier_summary_is_carried_on_within_its_share() -> None:
    text = summary(
        WORK, 300, "The person asked, in order:\n- First of all: a backup.\n" + "- more and more words\n" * 90
    )
    assert text.startswith("Earlier still:\n- First of all: a backup.")
    assert "Repair the fee." in text


def test_pictures_are_missed() -> None:
    shown = Message(Role.USER, (Part(PartType.TEXT, "Look at this picture please"), Part(PartType.IMAGE)))
    assert "1 image shown earlier cannot be seen any more" in summary([shown])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fix it", "Fix it"),
        ("```src/a.py\nx = 1\n```\nExplain this", "Explain this"),
        ('<context name="a.py">\nx = 1\n</context>\n\nExplain', "Explain"),
        ("Tool output for read_file tool call:\n\nx = 1", ""),
    ],
    ids=["words", "a file before them", "cn's file", "a tool's output"],
)
def test_the_persons_own_words_are_told_from_what_is_attached(text: str, words: str) -> None:
    assert own_words(user(text)) == words
