import msgspec

from addons.domain.memory import segments_of
from addons.services.simulator.agent_mode import AGENT_SYSTEM, AGENT_TOOLS
from addons.services.simulator.claims import tokens


def test_no_two_tools_have_one_name() -> None:
    names = [tool["function"]["name"] for tool in AGENT_TOOLS]
    assert len(set(names)) == len(names)


def test_the_tools_take_what_a_set_up_with_two_servers_does() -> None:
    assert 3_000 < tokens(msgspec.json.encode(AGENT_TOOLS)) < 8_000


def test_the_system_message_holds_what_a_memory_server_remembers() -> None:
    (found,) = segments_of(AGENT_SYSTEM, 0, lambda text: len(text) // 4)
    assert found.server == "memory"
    assert found.tokens > 200
