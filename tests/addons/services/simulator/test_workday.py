import msgspec
import pytest

from addons.domain.shares import ASSISTANT, FILES, MEMORY, REASONING, RULES, TOOL_RESULTS, USER, shares_of
from addons.domain.wire.openai import OpenAI
from addons.services.simulator import workday
from addons.services.simulator.claims import prompt_tokens
from addons.services.simulator.story import Conversation


@pytest.fixture(scope="module")
def day() -> Conversation:
    return workday.day("any", seed=5, turns=len(workday.SCENES))


def test_it_is_the_same_each_time(day: Conversation) -> None:
    assert list(workday.day("any", seed=5, turns=len(workday.SCENES)).bodies()) == list(day.bodies())


def test_every_call_is_of_a_known_tool_and_has_its_result(day: Conversation) -> None:
    calls = [call for message in day.messages for call in message.get("tool_calls", [])]
    answered = [message["tool_call_id"] for message in day.messages if message["role"] == "tool"]
    assert [call["id"] for call in calls] == answered
    assert {call["function"]["name"] for call in calls} <= {tool["function"]["name"] for tool in day.tools}


def test_its_window_is_filled_with_a_bit_of_everything(day: Conversation) -> None:
    wire = OpenAI()
    found: dict[str, int] = {}
    for message in day.messages:
        read = wire.parse_message(msgspec.json.encode(message))
        counts = [len(part.text) // 4 for part in read.parts]
        for share in shares_of(read, counts, 0, lambda text: len(text) // 4).shares:
            found[share.part] = found.get(share.part, 0) + share.tokens
    total = sum(found.values())
    assert all(found[part] > 100 for part in (RULES, MEMORY, USER))
    assert all(found[part] / total > 0.05 for part in (FILES, ASSISTANT, REASONING))
    assert 0.3 < found[TOOL_RESULTS] / total < 0.6


def test_a_turn_may_begin_with_any_scene(day: Conversation) -> None:
    later = workday.day("any", seed=5, turns=1, first=1)
    assert len(later.turns) == 5
    assert later.messages[0] == day.messages[0]
    assert prompt_tokens(later.body(0)) > 5_000
