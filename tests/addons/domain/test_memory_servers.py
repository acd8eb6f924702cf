import pytest

from addons.domain.memory_servers import SERVERS, TOOLS, normalised, server_of


@pytest.mark.parametrize(
    ("tool", "server"),
    [
        pytest.param("memory_search_nodes", "memory", id="the server's name before the tool's"),
        pytest.param("mem0_add", "mem0", id="mem0"),
        pytest.param("memory_bank_read", "memory-bank", id="the longest name that fits"),
        pytest.param("Sequential-Thinking_sequentialthinking", "sequential-thinking", id="as Continue normalises it"),
        pytest.param("create_entities", "memory", id="cn: the tool alone"),
        pytest.param("json_query_jsonpath", "json-query", id="a tool that begins like its server"),
        pytest.param("memorystore_get", "", id="another server"),
        pytest.param("read_file", "", id="Continue's own tool"),
        pytest.param("", "", id="no name"),
    ],
)
def test_a_tool_belongs_to_the_server_in_its_name(tool: str, server: str) -> None:
    assert server_of(tool, SERVERS) == server


def test_only_listed_servers_count() -> None:
    assert server_of("memory_search_nodes", ("mem0",)) == ""
    assert server_of("create_entities", ("mem0",)) == ""
    assert server_of("notes_read", ("notes",)) == "notes"


def test_every_known_tool_is_of_a_server_that_is_listed_by_default() -> None:
    assert set(TOOLS) <= set(SERVERS)
    for server, tools in TOOLS.items():
        assert all(normalised(tool) == tool and server_of(tool, SERVERS) for tool in tools), server
