"""What providers demand of the order of messages, written from their own error messages: a second opinion."""

from typing import Any

Message = dict[str, Any]

AFTER = {
    "system": {"system", "user", "assistant"},
    "user": {"assistant"},
    "assistant": {"user", "tool"},
    "tool": {"tool", "assistant"},
}
"""The strictest of all: Mistral's hosted API has no `user` after `tool`, and templates that want the roles to alternate
have none after `user`."""


def problems(messages: list[Message]) -> list[str]:
    """What OpenAI, Mistral or a strict template would refuse; [] where nothing is wrong."""
    return [*_order(messages), *_pairs(messages)]


def _order(messages: list[Message]) -> list[str]:
    found = []
    before = "system"
    for index, message in enumerate(messages):
        role = message["role"]
        if role not in AFTER[before]:
            found.append(f"{index}: {role} after {before}")
        if role == "assistant" and not (message.get("content") or message.get("tool_calls")):
            found.append(f"{index}: an answer without content and calls")
        before = role
    if messages and messages[-1]["role"] not in ("user", "tool"):
        found.append(f"the last message is {messages[-1]['role']}")
    return found


def _pairs(messages: list[Message]) -> list[str]:
    """Each call has its result right after it, each result its call right before."""
    found = []
    waiting: list[str] = []
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                found.append(f"{index}: a result without its call")
            else:
                waiting.remove(message["tool_call_id"])
        elif waiting:
            found.append(f"{index}: {len(waiting)} calls have no result")
            waiting = []
        if message["role"] == "assistant":
            waiting = [call["id"] for call in message.get("tool_calls") or ()]
    return found


def gemini_problems(contents: list[Message]) -> list[str]:
    """What Gemini would refuse: roles, a first content that is not the user's, calls and results that do not match."""
    found = []
    if contents and contents[0]["role"] != "user":
        found.append("the first content is not the user's")
    calls = 0
    for index, content in enumerate(contents):
        parts = content.get("parts") or []
        results = sum("functionResponse" in part for part in parts)
        if content["role"] not in ("user", "model"):
            found.append(f"{index}: role {content['role']}")
        if not parts or any(part.get("text") == "" for part in parts):
            found.append(f"{index}: empty parts")
        if results != calls:
            found.append(f"{index}: {results} results for {calls} calls")
        calls = sum("functionCall" in part for part in parts)
        if calls and index and contents[index - 1]["role"] != "user":
            found.append(f"{index}: a call that does not follow the user's content")
    return found
