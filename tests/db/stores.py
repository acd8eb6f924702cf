"""Names shared by the tests of the store."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from addons.domain.completion import Completion
from addons.domain.decisions import Action, Decision, Original, Replacement
from addons.domain.masking.placeholder import content_tag
from addons.domain.sessions import SessionState
from db.recorder import Recorder

NOW_MS = 1_790_000_000_000

Ask = Callable[..., list[dict[str, Any]]]
MakeCompletion = Callable[..., Completion]
MakeRecorder = Callable[..., Recorder]
MakeState = Callable[..., SessionState]


def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Waits for another thread's work, and fails if it is not done in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within {seconds:g} s")
        time.sleep(0.01)


def make_original(text: str, **fields: Any) -> Original:
    usual: dict[str, Any] = {
        "tag": content_tag(text),
        "session_id": "s-1",
        "text": text,
        "kind": "log",
        "tool": "run_terminal_command",
        "path": "",
        "tokens": 1_000,
        "at_ms": NOW_MS,
    }
    return Original(**(usual | fields))


def make_decision(**fields: Any) -> Decision:
    """That a message is masked, with one digest."""
    replacement = Replacement(
        part=0, start=0, end=9, text="[digest]", tag="k1:00", kind="log", tokens_before=90, tokens_after=20
    )
    usual: dict[str, Any] = {
        "session_id": "s-1",
        "key": b"k" * 16,
        "action": Action.MASK,
        "replacements": (replacement,),
        "reason": "arrival",
        "decided_at_ms": NOW_MS,
    }
    return Decision(**(usual | fields))
