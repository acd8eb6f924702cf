"""An old file elsewhere, and what the store holds of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.legacy import takeover
from db.legacy.takeover import Outcome
from tests.db.stores import Ask

TakeOver = Callable[[Path], Outcome]
SUMS = (
    "SELECT count(*) AS requests, sum(coalesce(prompt_tokens, prompt_tokens_sent, 0)) AS prompt,"
    " sum(coalesce(completion_tokens, 0)) AS completion, coalesce(sum(memory_tokens), 0) AS memory FROM completions"
    " WHERE source = 'legacy'"
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Where an old file elsewhere is."""
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere" / "sessions.db"


@pytest.fixture
def take_over(url: str) -> TakeOver:
    return lambda file: takeover.take_over(url, file, lambda _done, _all: None)


@pytest.fixture
def sums(ask: Ask) -> Callable[[], dict[str, Any]]:
    """As `legacy_files.sums`, of what is in the store."""
    return lambda: ask(SUMS)[0]
