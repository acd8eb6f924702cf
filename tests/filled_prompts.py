"""What the prompts of `tests.filled` are made of: by its parts, and message by message. Both come to the same."""

import json
from typing import Any

from sqlalchemy import Engine, insert, select

from addons.domain.composition import IN_USE, MASKED, STALE, STAYS, WORDS
from addons.domain.message_list import Listed, MessageStep, Piece
from addons.domain.messages import Role
from addons.domain.tokens import REPLY_PRIMER_TOKENS
from db.models import Completion
from db.records.message_steps import columns
from db.tables import message_steps

MASKED_AT, SAVED = 3, 2_240
"""The message that `Filler.masked` masks first, and what that saves."""


def made_of(memory: int, history: int, new: int, hostile: str) -> dict[str, str]:
    """The finer parts of a prompt of 5,200 tokens of system message and 9,800 of tools, and what is largest in it."""
    results = history * 6 // 10
    parts = {"system": 4_300, "rules": 900, "tools": 9_800, "memory": memory, "files": history // 8,
             "tool_results": results, "user": new, "assistant": history // 10}  # fmt: skip
    parts["reasoning"] = history - parts["files"] - results - parts["assistant"]
    by_tool = {"read_file": results // 2, "run_terminal_command": results // 4, hostile: results // 8}
    largest = [
        {"index": 9, "role": "tool", "tool": "read_file", "tokens": results // 4, "what": "tool_results",
         "advice": STALE, "key": f"{99:032x}"},
        {"index": 2, "role": "tool", "tool": hostile, "tokens": results // 8, "what": "tool_results",
         "advice": MASKED, "key": f"{0:032x}"},
        {"index": 12, "role": "tool", "tool": "run_terminal_command", "tokens": results // 9, "what": "tool_results",
         "advice": IN_USE, "key": f"{98:032x}"},
        {"index": 0, "role": "system", "tool": "", "tokens": 5_200, "what": "system", "advice": STAYS, "key": ""},
        {"index": 14, "role": "user", "tool": "", "tokens": new, "what": "user", "advice": WORDS,
         "key": f"{97:032x}"},
    ]  # fmt: skip
    return {"parts": json.dumps(parts), "tool_tokens": json.dumps(by_tool), "largest": json.dumps(largest)}


def list_messages(engine: Engine, session_id: str, hostile: str, count: int = 5) -> None:
    """Of the latest requests of a session. The earlier ones are as an older version recorded them."""
    query = select(Completion.id, Completion.parts, Completion.message_count)
    query = query.where(Completion.session_id == session_id).order_by(Completion.id.desc()).limit(count)
    with engine.begin() as tx:
        for completion_id, parts, messages in tx.execute(query).all():
            step = step_of(f"{session_id}-{completion_id}", json.loads(parts), messages, hostile)
            tx.execute(insert(message_steps).values(completion_id=completion_id, **columns(step)))


def step_of(chain: str, parts: dict[str, int], messages: int, hostile: str) -> MessageStep:
    """A system message, a question, calls with their results, and the question at hand."""
    pairs = (messages - 3) // 2
    results, answers, thoughts = (_shared(parts[part], pairs) for part in ("tool_results", "assistant", "reasoning"))
    answers[-1] -= REPLY_PRIMER_TOKENS
    added = [
        _listed(90, Role.SYSTEM, Piece("system", parts["system"]), Piece("rules", parts["rules"])),
        _listed(91, Role.USER, Piece("files", parts["files"]), Piece("memory", parts["memory"])),
    ]
    for pair in range(pairs):
        tool = ("read_file", "run_terminal_command", hostile)[pair % 3]
        key = 0 if len(added) + 1 == MASKED_AT else 100 + 2 * pair
        tokens = results[pair] + (SAVED if key == 0 else 0)
        added.append(
            _listed(
                101 + 2 * pair, Role.ASSISTANT, Piece("reasoning", thoughts[pair]), Piece("assistant", answers[pair])
            )
        )
        added.append(_listed(key, Role.TOOL, Piece("tool_results", tokens, tool)))
    added.append(_listed(97, Role.USER, Piece("user", parts["user"])))
    return MessageStep(chain=chain, number=0, added=tuple(added), masked={MASKED_AT: SAVED}, new=3,
                       tools_tokens=parts["tools"])  # fmt: skip


def _listed(key: int, role: Role, *pieces: Any) -> Listed:
    return Listed(f"{key:032x}", role, tuple(sorted(pieces, key=lambda piece: -piece.tokens)))


def _shared(tokens: int, count: int) -> list[int]:
    """Not all alike; together they are the tokens."""
    weights = [1 + 7 * (place % 5) for place in range(count)]
    shares = [tokens * weight // sum(weights) for weight in weights]
    return [*shares[:-1], shares[-1] + tokens - sum(shares)]
