"""What Continue puts before a conversation: its system message of agent mode and its tools (1.5, shortened)."""

from typing import Any

SYSTEM = """\
<important_rules>
  You are in agent mode.

  If you need to use multiple tools, you can call multiple read-only tools simultaneously.

  Always include the language and file name in the info string when you write code blocks.
  If you are editing "src/main.py" for example, your code block should start with '```python src/main.py'

  For larger codeblocks (>20 lines), use brief language-appropriate placeholders for unmodified sections, e.g.
  '// ... existing code ...'
</important_rules>"""


def tool(name: str, description: str, /, **parameters: str) -> dict[str, Any]:
    properties = {key: {"type": "string", "description": text} for key, text in parameters.items()}
    schema = {"type": "object", "required": list(parameters), "properties": properties}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


TOOLS = [
    tool("read_file", "Use this tool to view the contents of an existing file.", filepath="The path to read"),
    tool("grep_search", "Performs a regular expression (regex) search over the repository.", query="The pattern"),
    tool(
        "run_terminal_command",
        "Run a terminal command in the current directory. The shell does not remember earlier commands.",
        command="The command to run",
    ),
    tool("ls", "List files and folders in a given directory.", dirpath="The directory, relative to the workspace"),
    tool(
        "single_find_and_replace",
        "Performs an exact string replacement in a file.",
        filepath="The path of the file",
        old_string="The text to replace",
        new_string="The text to replace it with",
    ),
    tool("view_diff", "View the current diff of working changes."),
    tool("memory_search_nodes", "Search the knowledge graph for entities and their notes.", query="What to look for"),
]
