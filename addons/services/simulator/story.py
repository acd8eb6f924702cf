"""The coding sessions of the demo: deterministic conversations as Continue would send them, and what the model answers.

`long_conversation()` is also what tests and the benchmark replay where no recorded conversation is at hand: 45
requests, about 100 000 tokens (cl100k_base) in the last one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import msgspec

from addons.services.simulator import material
from addons.services.simulator.continue_tools import SYSTEM, TOOLS
from addons.services.simulator.material import Module
from addons.services.simulator.script import Answer, ToolCall

Message = dict[str, Any]

REQUESTS = (
    "The test of {function} in {file} fails since yesterday. Find out why and repair it.",
    "{file} is red: {function} gives a wrong amount. Please repair it.",
    "Can you see why {function} books too much? Its test in {file} fails.",
    "Repair {function}; run {file} before and after.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Request k sends `messages[:turns[k]]`; the message after them is the model's answer."""

    name: str
    messages: list[Message]
    turns: list[int]
    tools: list[Message] = field(default_factory=lambda: TOOLS)
    host: str = "api.kimi.com"
    path: str = "/coding/v1/chat/completions"
    model: str = "kimi-for-coding"
    project: str = "shop"

    def at(self, host: str, path: str, model: str, project: str = "shop") -> "Conversation":
        """The same with another provider."""
        return replace(self, host=host, path=path, model=model, project=project)

    def body(self, turn: int, stream: bool = True) -> bytes:
        """As Continue's client serialises it."""
        fields: Message = {"model": self.model, "messages": self.messages[: self.turns[turn]], "stream": stream}
        return msgspec.json.encode(
            fields
            | {"max_tokens": 4096, "tools": self.tools, "parallel_tool_calls": False}
            | ({"stream_options": {"include_usage": True}} if stream else {})
        )

    def bodies(self, stream: bool = True) -> Iterator[bytes]:
        return (self.body(turn, stream) for turn in range(len(self.turns)))

    def answer(self, turn: int) -> Answer:
        """What the model says to request `turn`, so that the next one follows from it."""
        message = self.messages[self.turns[turn]]
        calls = tuple(
            ToolCall(
                id=call["id"],
                name=call["function"]["name"],
                arguments=msgspec.json.decode(call["function"]["arguments"]),
            )
            for call in message.get("tool_calls", ())
        )
        return Answer(text=message["content"], tool_calls=calls, reasoning=message.get("reasoning_content", ""))


class Scene:
    """Writes a conversation message by message, as the person, the model and the tools would."""

    def __init__(self, name: str, seed: int, system: str = SYSTEM, tools: list[Message] = TOOLS) -> None:
        self.name, self.tools = name, tools
        self.random = Random(seed)
        self.messages: list[Message] = [{"role": "system", "content": system}]
        self.turns: list[int] = []

    def asks(self, text: str) -> None:
        self.messages.append({"role": "user", "content": text})

    def calls(self, text: str, *calls: tuple[str, Message, str], thinking: str = "") -> None:
        """The model calls tools (name, arguments, result), after some thought; their results follow."""
        self.turns.append(len(self.messages))
        made: list[Message] = []
        for name, arguments, _ in calls:
            function = {"name": name, "arguments": msgspec.json.encode(arguments).decode()}
            made.append({"id": f"call_{len(self.messages):03d}{len(made)}", "type": "function", "function": function})
        self.messages.append({"role": "assistant", "content": text, **_thought(thinking), "tool_calls": made})
        for call, (_, _, result) in zip(made, calls, strict=True):
            self.messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})

    def says(self, text: str, thinking: str = "") -> None:
        self.turns.append(len(self.messages))
        self.messages.append({"role": "assistant", "content": text, **_thought(thinking)})

    def end(self) -> Conversation:
        return Conversation(name=self.name, messages=self.messages, turns=self.turns, tools=self.tools)


def _thought(text: str) -> Message:
    """As Continue sends it back to Moonshot's thinking models; others' thoughts it drops."""
    return {"reasoning_content": text} if text else {}


def repair(scene: Scene, module: Module, scale: float = 1.0) -> None:
    """One round: a test fails, the model looks for the cause, changes a line and runs the tests again. 5 requests."""
    random, broken = scene.random, scene.random.choice(module.functions)
    tests = round(34 * scale)
    scene.asks(random.choice(REQUESTS).format(function=broken, file=module.test_path))
    run = f"python -m pytest -v {module.test_path}"
    failed = material.test_run(random, module, tests, (broken,))
    scene.calls("I run the tests first.", ("run_terminal_command", {"command": run}, failed))
    read = ("read_file", {"filepath": module.path}, material.source(random, module))
    found = ("grep_search", {"query": broken}, material.search(random, broken.split("_")[1], round(24 * scale)))
    scene.calls(f"The amount differs by the fee. I look at {broken} and at its callers.", read, found)
    edit = {"filepath": module.path, "old_string": "fee = amount", "new_string": "fee = (amount"}
    scene.calls("The fee is rounded twice; once is enough.", ("single_find_and_replace", edit, "Successfully edited"))
    passed = material.test_run(random, module, tests + 1, ())
    scene.calls("Again the tests.", ("run_terminal_command", {"command": run}, passed))
    scene.says(f"{broken} rounded the fee twice. It now rounds once, and all {tests + 1} tests pass.")


def investigate(scene: Scene, module: Module, scale: float = 1.0) -> None:
    """One round: a service misbehaves; logs, data and the memory are read, the change is reviewed. 5 requests."""
    random = scene.random
    scene.asks("In production bookings are refused now and then. What do the logs say?")
    notes = ("memory_search_nodes", {"query": "ledger lock"}, material.memory(random, round(14 * scale)))
    scene.calls("First what we noted about the ledger.", notes)
    tail = (
        "run_terminal_command",
        {"command": "tail -n 120 var/warehouse.log"},
        material.log(random, round(70 * scale)),
    )
    scene.calls("Now the log.", tail)
    url = {"command": "curl -s localhost:8000/api/bookings?state=refused"}
    data = ("run_terminal_command", url, material.records(random, round(18 * scale)))
    files = ("ls", {"dirpath": "src/warehouse"}, material.listing(random, round(40 * scale)))
    scene.calls("The refused bookings, and where they are made.", data, files)
    changes = material.diff(random, module, round(12 * scale))
    scene.calls("What has changed there lately?", ("view_diff", {}, changes))
    scene.says(
        "Two workers lock the ledger in different order. Taking the locks by name, always in the same order, cures it."
    )


def session(name: str, seed: int, rounds: int, functions: int = 22, scale: float = 1.0) -> Conversation:
    """A session of so many rounds, repairs and investigations in turn; the same for the same arguments."""
    scene = Scene(name, seed)
    for index in range(rounds):
        module = material.module(scene.random, f"{scene.random.choice(material.NOUNS)}s", functions)
        (investigate if index % 3 == 2 else repair)(scene, module, scale)
    return scene.end()


def writing(name: str, seed: int, rounds: int, functions: int) -> Conversation:
    """A session in which the model writes whole files: words of its own, which nothing may take out of the history."""
    scene = Scene(name, seed)
    for index in range(rounds):
        module = material.module(scene.random, f"{scene.random.choice(material.NOUNS)}_{index}", functions)
        scene.asks(f"Now write {module.path} with {', '.join(module.functions[:3])} and what else it needs.")
        scene.says(f"```python {module.path}\n{material.source(scene.random, module)}```")
    return scene.end()


def long_conversation() -> Conversation:
    return session("Repair the warehouse", seed=11, rounds=9, functions=44, scale=2.0)
