"""What the tool calls of a conversation did: files read and changed, commands run, and how each ended."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from addons.domain.masking.hints import PATH_KEYS, READERS
from addons.domain.masking.rules.testing import SHORT, SUMMARY
from addons.domain.masking.vocabulary import severe
from addons.domain.messages import Message, PartType, Role


class Did(StrEnum):
    READ = "read"
    CHANGED = "changed"
    RAN = "ran"
    LOOKED = "looked"
    """Searched, listed, fetched: anything else."""


@dataclass(frozen=True, slots=True)
class Action:
    did: Did
    what: str
    """The file's path, the command, or the call as it was made; one line."""
    outcome: str
    """How it ended, in the tool's own words; "" where nothing tells."""
    failed: bool
    problem: str
    """The line of the result that says what went wrong; "" where nothing did, or nothing says so."""


WRITERS = re.compile(
    r"edit|write|create|replace|patch|apply|insert|append|delete|remove|rename|move|mkdir", re.IGNORECASE
)
"""Names of tools that change files: edit_existing_file, create_new_file, Write, MultiEdit, `<server>_write_file` …"""
STATUS = re.compile(r"\[Status: ([^\]\n]{1,120})\]")
"""Continue's last line of a command's output."""
EXIT_CODE = re.compile(r"(?:exit(?:ed)?(?: with)?(?: code| status)?|returncode)[ :=]{1,3}(-?\d{1,3})\b", re.IGNORECASE)
FAILED_RUN = re.compile(r"\b[1-9]\d* (?:failed|failing|errors?|failures?)\b|\bFAILED\b|\bFAIL\b", re.IGNORECASE)
TOOL_ERROR = re.compile(
    r"There was an error calling the tool|The user cancelled this tool call|\S+ failed with the message:|Error: "
)
"""What Continue answers in a tool's place."""

SHOWN = 160
"""Characters of a command, a path or an outcome."""
LINES_READ = 400
"""Of a result, from each end: how it ended stands at its end, what went wrong mostly too."""

_SYSTEM_CALL = re.compile(r"TOOL_NAME: *([\w.-]{1,120})\n(.*?)(?:```|\Z)", re.DOTALL)
_SYSTEM_ARGUMENT = re.compile(r"BEGIN_ARG: *([\w.-]{1,120})\n(.*?)\nEND_ARG", re.DOTALL)
_SYSTEM_RESULT = re.compile(r"Tool output for ([^\n]{1,120}?) tool call:\n\n")

_Call = tuple[str, Mapping[str, Any]]


def actions(messages: Iterable[Message]) -> list[Action]:
    """Each call whose result is there, in order. Results are told apart by call id, where there is none by their
    order."""
    found = []
    open_calls: dict[str, _Call] = {}
    for message in messages:
        if message.role is Role.ASSISTANT:
            open_calls = dict(_calls(message))
        for call_id, result in _results(message):
            key = call_id if call_id in open_calls else next(iter(open_calls), "")
            if call := open_calls.pop(key, None):
                found.append(action(*call, result))
    return found


def _calls(message: Message) -> Iterator[tuple[str, _Call]]:
    """By id; a call without one has its place as a number."""
    for index, part in enumerate(message.parts):
        if part.type is PartType.TOOL_CALL:
            yield part.call_id or str(index), (part.name, _arguments(part.text))
    if "TOOL_NAME:" in message.text:  # Continue's system-message tools
        for index, call in enumerate(_SYSTEM_CALL.finditer(message.text)):
            arguments = {name: _unquoted(text) for name, text in _SYSTEM_ARGUMENT.findall(call[2])}
            yield f"system {index}", (call[1], arguments)


def _results(message: Message) -> Iterator[tuple[str, str]]:
    """Call id ("" where there is none) and text."""
    for part in message.parts:
        if part.type is PartType.TOOL_RESULT:
            yield part.call_id, part.text
    if message.role is Role.USER and _SYSTEM_RESULT.match(message.text):
        yield from (("", text) for text in _SYSTEM_RESULT.split(message.text)[2::2])


def _arguments(text: str) -> Mapping[str, Any]:
    try:
        values = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _unquoted(text: str) -> str:
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        value = text
    return value if isinstance(value, str) else text


def action(name: str, arguments: Mapping[str, Any], result: str) -> Action:
    """What one call did, by its name, its arguments and its result."""
    lines = _ends(result)
    outcome, failed = _outcome(lines)
    problem = next((one_line(line) for line in lines if severe(line[:400]) and not SUMMARY.match(line[:400])), "")
    if failed:
        problem = next((one_line(line) for line in lines if SHORT.match(line[:400])), problem) or outcome
    did, what = _kind(name, arguments)
    return Action(did, what, outcome, failed, problem if failed else "")


def _kind(name: str, arguments: Mapping[str, Any]) -> tuple[Did, str]:
    command = arguments.get("command")
    if isinstance(command, str) and command.strip():
        return Did.RAN, one_line(command)
    path = next((arguments[key] for key in PATH_KEYS if isinstance(arguments.get(key), str)), "")
    if path and WRITERS.search(name):
        return Did.CHANGED, one_line(path)
    if path and READERS.search(name):
        return Did.READ, one_line(path)
    told = ", ".join(one_line(value, 60) for value in arguments.values() if isinstance(value, str) and value.strip())
    return Did.LOOKED, one_line(f"{name}({told})" if told else name)


def _outcome(lines: list[str]) -> tuple[str, bool]:
    """How it ended, and whether that was badly."""
    status = next((match[1] for line in reversed(lines) if (match := STATUS.search(line))), "")
    summary = next((line.strip(" =") for line in reversed(lines) if SUMMARY.match(line[:400])), "")
    code = next((match[1] for line in reversed(lines[-5:]) if (match := EXIT_CODE.search(line[:400]))), "")
    failed = "failed" in status or "timed out" in status or code not in ("", "0")
    failed = failed or bool(FAILED_RUN.search(summary)) or bool(lines and TOOL_ERROR.match(lines[0]))
    if summary:
        return one_line(summary), failed
    if status and "completed" not in status:
        return one_line(status), failed
    if code:
        return f"exit code {code}", failed
    return (one_line(lines[0]) if failed and lines else ""), failed


def _ends(text: str) -> list[str]:
    """The lines that say something, of a long text those of both ends."""
    limit = 200 * LINES_READ
    if len(text) > 2 * limit:
        text = text[:limit] + "\n" + text[-limit:]
    lines = [line for line in text.splitlines() if line.strip()]
    return lines if len(lines) <= 2 * LINES_READ else lines[:LINES_READ] + lines[-LINES_READ:]


def one_line(text: str, limit: int = SHOWN) -> str:
    """The text with single spaces, cut after a word where it is longer."""
    line = " ".join(text[: limit * 8].split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 2]
    space = cut.rfind(" ", limit // 2)
    return (cut[:space] if space > 0 else cut) + " …"
