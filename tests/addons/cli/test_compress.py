"""`compress`, with a proxy that answers, and without."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from addons.cli import compress
from addons.cli.__main__ import main
from addons.domain.errors import UserError
from db.engine import opened, writer
from db.inbox import Inbox
from db.schema import upgrade

PREVIEW = {
    "session_id": "s-1",
    "messages": 41,
    "kept_exchanges": 5,
    "tokens_before": 20_000,
    "tokens_after": 500,
    "prompt_tokens_before": 28_000,
    "prompt_tokens_after": 8_500,
    "context_window": 32_768,
    "text": "[Summary \x1b[31m]",
}


@pytest.fixture
def url(own_places: Path) -> str:
    url = f"sqlite:///{own_places / 'sessions.db'}"
    with opened(writer, url) as engine:
        upgrade(engine)
    return url


@pytest.fixture
def asked(url: str) -> Iterator[list[Mapping[str, Any]]]:
    """A proxy's inbox; what it was asked."""
    payloads: list[Mapping[str, Any]] = []

    def answer(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        payloads.append({"kind": kind, **payload})
        if payload["session_id"] == "s-none":
            raise UserError("There is no session 's-none'.")
        return PREVIEW | {"asked": not payload["dry_run"]}

    inbox = Inbox(url, on_settings=lambda _: {}, on_command=answer, proxy_id="p-1")
    inbox.start()
    yield payloads
    inbox.close()


def test_a_dry_run_shows_the_effect_and_the_summary(
    asked: list[Mapping[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compress", "s-1", "--dry-run", "--keep", "3"]) == 0
    assert asked == [{"kind": "compress", "session_id": "s-1", "dry_run": True, "keep_exchanges": 3}]
    shown = capsys.readouterr().out
    assert "41 messages, 20,000 tokens, become a summary of 500; the latest 5 exchanges stay." in shown
    assert "28,000 -> 8,500 tokens (85% -> 26% of the context window), estimated." in shown
    assert "[Summary ␛[31m]" in shown


def test_asking_says_when_it_happens(asked: list[Mapping[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compress", "s-1"]) == 0
    assert asked == [{"kind": "compress", "session_id": "s-1", "dry_run": False}]
    assert capsys.readouterr().out.endswith("Asked for: it happens with the session's next request.\n")


def test_scripts_get_json(asked: list[Mapping[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    main(["compress", "s-1", "--dry-run", "--json"])
    assert json.loads(capsys.readouterr().out) == PREVIEW | {"asked": False}


def test_the_proxys_reason_is_told(asked: list[Mapping[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compress", "s-none"]) == 1
    assert "There is no session 's-none'." in capsys.readouterr().err


def test_what_was_never_seen_has_no_figures() -> None:
    assert compress.told({"asked": True}) == "Asked for: it happens with the session's next request."
