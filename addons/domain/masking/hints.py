"""What a tool call says about its result."""

import re

import msgspec

from addons.domain.masking.document import Hint

READERS = re.compile(r"(?:^|_)(?:read|view|open|cat|get|fetch|show|load)(?:_|$)|^Read$|file_content", re.IGNORECASE)
"""Names of tools that return a file as it is: read_file, read_file_range, Read, `<server>_get_file_contents` …"""
PATH_KEYS = ("filepath", "file_path", "path", "file", "filename", "uri", "relative_path")
_SHOWS_FILE = re.compile(
    r"(?:cat|head|tail|sed|nl|bat|less|more|type|Get-Content)\b[^|;&<>]{0,300}?\s([^\s|;&<>\"']{1,300}\.\w{1,8})\s*$"
)
"""A command that prints one file."""


def hint_of_call(name: str, arguments: str) -> Hint:
    """Tool, path and command of a call; arguments that are no JSON object give the tool alone."""
    try:
        values = msgspec.json.decode(arguments)
    except (msgspec.DecodeError, RecursionError):
        return Hint(tool=name)
    if not isinstance(values, dict):
        return Hint(tool=name)
    command = values.get("command")
    command = command if isinstance(command, str) else ""
    path = (
        next((values[key] for key in PATH_KEYS if isinstance(values.get(key), str)), "") if READERS.search(name) else ""
    )
    if not path and (shown := _SHOWS_FILE.match(command.strip()[:800])):
        path = shown[1]
    return Hint(tool=name, path=path, command=command)
