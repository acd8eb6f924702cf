"""Names shared by the tests of the store."""

from collections.abc import Callable
from typing import Any

from addons.domain.completion import Completion
from addons.domain.sessions import SessionState
from db.recorder import Recorder

NOW_MS = 1_790_000_000_000

Ask = Callable[..., list[dict[str, Any]]]
MakeCompletion = Callable[..., Completion]
MakeRecorder = Callable[..., Recorder]
MakeState = Callable[..., SessionState]
