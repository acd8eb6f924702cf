"""Which MCP server a tool belongs to, by its name: Continue's IDEs call it `<server>_<tool>`, its CLI just `<tool>`."""

import re
from collections.abc import Mapping
from functools import lru_cache

SERVERS = (
    "memory",
    "mem0",
    "openmemory",
    "basic-memory",
    "memory-bank",
    "task-manager",
    "shrimp-task-manager",
    "task-master-ai",
    "sequential-thinking",
    "fast-filesystem",
    "json-query",
)
"""The usual memory servers, and those the predecessor knew: from "task-manager" on."""

TOOLS: Mapping[str, tuple[str, ...]] = {
    "memory": (
        *("create_entities", "create_relations", "add_observations", "delete_entities", "delete_observations"),
        *("delete_relations", "read_graph", "search_nodes", "open_nodes"),
    ),
    "mem0": ("add_memory", "add_memories", "search_memory", "search_memories", "get_memories", "list_memories"),
    "memory-bank": ("memory_bank_read", "memory_bank_write", "memory_bank_update"),
    "task-manager": ("request_planning", "get_next_task", "mark_task_done", "approve_task_completion"),
    "shrimp-task-manager": (
        *("plan_task", "analyze_task", "reflect_task", "split_tasks", "list_tasks", "execute_task", "verify_task"),
        *("delete_task", "query_task", "get_task_detail", "process_thought", "init_project_rules", "research_mode"),
    ),
    "task-master-ai": ("get_tasks", "next_task", "parse_prd", "expand_task", "set_task_status"),
    "sequential-thinking": ("sequentialthinking", "sequentialthinking_tools"),
    "fast-filesystem": (
        *("fast_read_file", "fast_read_multiple_files", "fast_write_file", "fast_list_directory", "fast_search_code"),
        *("fast_search_files", "fast_get_file_info", "fast_get_directory_tree", "fast_edit_block", "fast_edit_blocks"),
    ),
    "json-query": ("json_query_jsonpath", "json_query_search_keys", "json_query_search_values"),
}
"""Names that say whose they are without the server's before them; each counts if its server is listed."""

_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4_096)
def server_of(tool: str, servers: tuple[str, ...]) -> str:
    """The listed server whose tool it is, the longest name that fits; "" where it is none's."""
    name = normalised(tool)
    known = {normalised(server): server for server in servers}
    fitting = [each for each in known if each and (name == each or name.startswith(each + "_"))]
    if fitting:
        return known[max(fitting, key=len)]
    return next((server for server in servers if name in TOOLS.get(server, ())), "")


def normalised(name: str) -> str:
    """As Continue makes a server's name part of a tool's (core/tools/mcpToolName.ts)."""
    return _OTHER.sub("_", name.lower()).strip("_")
