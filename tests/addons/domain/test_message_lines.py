"""What a request was made of, line by line; its sums are those of the composition."""

import json
from pathlib import Path
from typing import Any

import pytest

from addons.domain.composition import IN_USE, MASKED, STALE, STAYS, SYSTEM_INDEX, WORDS, Rewritten
from addons.domain.decisions import Action
from addons.domain.message_lines import Line, lines, total
from addons.domain.message_list import built
from tests.addons.domain.walk import Walk, answer, call, read, result, user

DATA = Path(__file__).parents[2] / "data"
SYSTEM = {"role": "system", "content": "Rules."}
HISTORY = [SYSTEM, user("Fix it."), call("ls", "1"), result("a b c " * 20, "1"), answer("Done."), user("Thanks.")]
LONGER = [*HISTORY, answer("You are welcome."), call("cat", "2"), result("x y z " * 9, "2")]
TOOLS = [{"type": "function", "function": {"name": "ls", "parameters": {}}}]


def found(walk: Walk) -> list[Line]:
    built_list = built(walk.steps)
    assert built_list
    return lines(built_list)


def test_each_message_says_what_was_or_could_be_done() -> None:
    walk = Walk()
    walk.send(*LONGER, rewritten=Rewritten(masked={3: 40}))
    advice = [line.advice for line in found(walk)]
    assert advice == [STAYS, WORDS, STAYS, MASKED, STAYS, WORDS, STAYS, STAYS, IN_USE, STAYS]
    whole = Walk()
    whole.send(*LONGER)
    assert found(whole)[3].advice == STALE


def test_a_masked_message_counts_by_what_is_left_of_it() -> None:
    walk = Walk()
    reading = read({"messages": HISTORY, "tools": TOOLS})
    walk.take(reading, rewritten=Rewritten(masked={3: 40}))
    line = next(line for line in found(walk) if line.index == 3)
    assert line.action is Action.MASK and line.before
    assert (line.after, line.saved, line.pieces[0].tool) == (line.before - 40, 40, "ls")
    assert total(found(walk)) == reading.total_tokens - 40


def test_a_summary_stands_in_the_place_of_what_it_covers() -> None:
    walk = Walk()
    reading = read({"messages": HISTORY})
    covered = sum(facts.tokens for facts in reading.messages[1:4])
    walk.take(reading, rewritten=Rewritten(covered=range(1, 4), compressed_tokens=covered - 12))
    shown = found(walk)
    actions = [(line.index, str(line.action), line.after) for line in shown[1:5]]
    assert actions == [(None, "summarised", 12), *((at, "summarised", 0) for at in (1, 2, 3))]
    assert total(shown) == reading.total_tokens - covered + 12
    assert shown[1].saved == -12


def test_what_is_new_follows_what_the_session_had_sent() -> None:
    walk = Walk()
    walk.send(*HISTORY[:2])
    walk.send(*HISTORY[:4], {"role": "system", "content": "By the way."}, HISTORY[4], known=1)
    assert [line.index for line in found(walk) if line.is_new] == [2, 3, 5]
    assert not any(line.is_new for line in found(Walk(steps=[Walk().send(*HISTORY, known=5)])))


def test_unknown_messages_are_said_to_be() -> None:
    walk = Walk()
    walk.send(*HISTORY[:2])
    walk.send(*HISTORY, known=1)
    shown = found(Walk(steps=walk.steps[1:]))
    assert [line.is_known for line in shown[:6]] == [False, False, True, True, True, True]
    assert (shown[0].action, shown[0].before, shown[0].index) == (None, None, 0)
    assert total(shown) is None


def test_of_messages_that_a_summary_stands_for_it_is_known_that_none_was_sent() -> None:
    walk = Walk()
    walk.send(*HISTORY[:4])
    walk.send(*HISTORY, rewritten=Rewritten(covered=range(4), compressed_tokens=20))
    shown = found(Walk(steps=walk.steps[1:]))
    assert [line.action for line in shown[:5]] == [Action.SUMMARISED] * 5
    assert total(shown) is not None


def test_geminis_system_instruction_comes_first() -> None:
    reading = read({"systemInstruction": {"parts": [{"text": "Rules."}]},
                    "contents": [{"role": "user", "parts": [{"text": "Fix it."}]}]}, "gemini")  # fmt: skip
    walk = Walk()
    walk.take(reading)
    shown = found(walk)
    assert (shown[0].index, shown[0].role, shown[1].index) == (SYSTEM_INDEX, "system", 0)
    assert total(shown) == reading.total_tokens


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        pytest.param({"prompt": "def f("}, ["prompt"], id="a legacy prompt"),
        pytest.param({"messages": [user("Hi")], "tools": TOOLS}, ["tools", "user", "assistant"], id="tools"),
        pytest.param({"messages": []}, [], id="nothing"),
    ],
)
def test_what_is_no_message_is_listed_too(body: Any, parts: list[str]) -> None:
    walk = Walk()
    reading = read(body)
    walk.take(reading)
    assert [line.pieces[0].part for line in found(walk)] == parts
    assert total(found(walk)) == reading.total_tokens


def captured(file: Path) -> list[Any]:
    """The bodies of the requests in a file, in their order."""
    text = file.read_text()
    records = [json.loads(line) for line in ([text] if file.suffix == ".json" else text.splitlines())]
    return [record.get("body", record) or {} for record in records]


@pytest.mark.parametrize(
    "file", [*DATA.glob("continue/*.json"), *DATA.glob("sessions/*.jsonl")], ids=lambda at: at.stem
)
def test_the_lines_of_captured_requests_sum_to_their_tokens(file: Path) -> None:
    walk = Walk()
    for body in captured(file):
        reading = read(body, "gemini" if "contents" in body else "openai")
        halved = {at: facts.tokens // 2 for at, facts in enumerate(reading.messages) if facts.key}
        walk.take(reading, rewritten=Rewritten(halved))
        assert total(found(walk)) == reading.total_tokens - sum(halved.values())
