"""The conversations that are replayed: real ones where they are at hand, otherwise one the project makes itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from addons.domain.places import ROOT

REAL = ROOT.parent / "shared" / "data" / "conversations"
"""Recorded coding conversations in OpenAI chat form; not part of the project."""


@dataclass(frozen=True, slots=True)
class Needle:
    """A fact planted in a tool result."""

    id: str
    answer: str
    """Literally as it stands there."""


@dataclass(frozen=True, slots=True)
class Recorded:
    name: str
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    turns: list[int]
    """How many of the messages request k sends."""
    needles: tuple[Needle, ...] = ()

    def bodies(self, stream: bool = True) -> Iterator[bytes]:
        """The request bodies, one a turn, as Continue's client serialises them."""
        for count in self.turns:
            body: dict[str, Any] = {"model": "kimi-for-coding", "messages": self.messages[:count], "stream": stream}
            if self.tools:
                body["tools"] = self.tools
            body["stream_options"] = {"include_usage": True}
            yield json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def load(folder: Path | None = None) -> list[Recorded]:
    """The conversations of a folder (default: REAL), or the demo's own where it is missing."""
    files = sorted((folder or REAL).glob("0*.json"))
    if not files:
        return [of_story()]
    planted: dict[str, list[Needle]] = {}
    needles = files[0].with_name("needles.json")
    for needle in json.loads(needles.read_text(encoding="utf-8")) if needles.exists() else ():
        planted.setdefault(needle["workload"], []).append(Needle(needle["id"], needle["answer"]))
    return [
        Recorded(file.stem, data["messages"], data.get("tools", []), data["turns"], tuple(planted.get(file.stem, ())))
        for file in files
        for data in [json.loads(file.read_text(encoding="utf-8"))]
    ]


def of_story() -> Recorded:
    """The long conversation that the demo plays."""
    from addons.services.simulator import story  # noqa: PLC0415 - large, and not needed where real ones are at hand

    conversation = story.long_conversation()
    return Recorded("story", conversation.messages, conversation.tools, conversation.turns)
