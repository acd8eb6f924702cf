"""From Continue's logs to the recorder."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from addons.domain.continue_log import LogEvent, LogKind
from addons.domain.events import Event, Level
from addons.domain.logged_usage import LoggedUsage
from addons.domain.places import ROOT
from addons.hooks.logwatch import LogWatch, provider_of
from addons.services.logtail import Source
from db.recorder import Recorder
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.own import PROVIDERS, KeptRecords, Own
from tests.conftest import MakeCompletion

CORE_LOG = (ROOT / "tests/data/continue/logs/core.log").read_bytes()
USED = (
    b'{"eventName":"tokensGenerated","schema":"0.2.0","timestamp":"2026-07-12T08:16:08.412Z","model":"large",'
    b'"provider":"openai","promptTokens":5120,"generatedTokens":310}\n'
)
AT_MS = 1_783_844_168_412
CONTEXT = "Not enough context available to include the system message, last user message, and tools."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """CONTINUE_GLOBAL_DIR of every test."""
    return tmp_path / "continue"


def append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)


def follow(own: Own, *written: tuple[Path, bytes]) -> KeptRecords:
    """The proxy starts, this is written, the proxy stops."""
    watch = own.addon(LogWatch)
    watch.running()
    for path, data in written:
        append(path, data)
    watch.done()
    watch.done()
    return own.records  # type: ignore[no-any-return]


def test_errors_become_events_each_once(own: Own, folder: Path) -> None:
    records = follow(own, (folder / "logs" / "core.log", CORE_LOG))
    events = records.of(Event)
    assert records.records == events
    assert {event.kind for event in events} == {"ide_log"}
    told = [
        (event.data["what"], event.data.get("error_class", ""), event.data.get("operation", "")) for event in events
    ]
    assert told == [
        ("started", "", ""),
        ("context", "context", "llm/compileChat"),
        ("error", "rate", "llm/streamChat"),
        ("error", "auth", ""),
        ("error", "context", "llm/streamChat"),
        ("error", "transport", "llm/streamChat"),
        ("error", "transport", ""),
        ("error", "overload", ""),
        ("retry", "rate", ""),
        ("error", "rate", ""),
        ("error", "transport", ""),
        ("request", "rate", ""),
        ("warning", "", ""),
        ("error", "bad_request", "autocomplete/complete"),
        ("stopped", "", ""),
    ]


def test_a_request_that_did_not_fit_is_critical_and_has_its_figures(own: Own, folder: Path) -> None:
    records = follow(own, (folder / "logs" / "core.log", CORE_LOG))
    (event,) = [event for event in records.of(Event) if event.level is Level.CRITICAL]
    assert event.message == CONTEXT
    assert event.data["context_length"] == 32_768
    assert event.data["tools_tokens"] == 2_941


def test_what_the_ide_counted_becomes_usage(own: Own, folder: Path) -> None:
    records = follow(own, (folder / "dev_data" / "0.2.0" / "tokensGenerated.jsonl", USED))
    assert records.records == [
        LoggedUsage(at_ms=AT_MS, model="large", provider="acme", prompt_tokens=5_120, completion_tokens=310)
    ]


def test_a_restart_tells_nothing_again(make_own: MakeOwn, folder: Path) -> None:
    log = folder / "logs" / "core.log"
    assert len(follow(make_own(), (log, CORE_LOG)).records) == 15
    assert follow(make_own()).records == []


def test_each_log_can_be_switched_off(make_own: MakeOwn, folder: Path) -> None:
    own = make_own(providers=PROVIDERS + "[ide_log]\ncore_log = false\ndev_data = false\n")
    files = (folder / "logs" / "core.log", CORE_LOG), (folder / "dev_data" / "0.2.0" / "tokensGenerated.jsonl", USED)
    assert follow(own, *files).records == []
    assert [source.form.key for source in own.addon(LogWatch).sources()] == ["cn_log"]


def test_another_folder_can_be_named(make_own: MakeOwn, tmp_path: Path) -> None:
    own = make_own(providers=PROVIDERS + f"[ide_log]\ncontinue_dir = '{tmp_path / 'elsewhere'}'\n")
    sources: list[Source] = own.addon(LogWatch).sources()
    assert {source.folder for source in sources} == {
        tmp_path / "elsewhere" / "logs",
        tmp_path / "elsewhere" / "dev_data" / "0.2.0",
    }


def test_without_settings_nothing_is_followed(own: Own) -> None:
    own.configuration.is_usable = False
    watch = own.addon(LogWatch)
    before = set(threading.enumerate())
    watch.running()
    assert set(threading.enumerate()) <= before, "others may have ended"
    watch.done()


def test_nothing_is_left_running(own: Own, folder: Path) -> None:
    before = set(threading.enumerate())
    follow(own, (folder / "logs" / "core.log", CORE_LOG))
    assert set(threading.enumerate()) <= before


USAGE: dict[str, Any] = {"log": "tokensGenerated.jsonl", "kind": LogKind.USAGE, "at_ms": AT_MS}
SHARED = '\n[providers.other]\nname = "O"\nhosts = ["o.test"]\n[providers.other.models.small]\n'


@pytest.mark.parametrize(
    ("model", "named", "expected"),
    [
        ("large", "openai", "acme"),
        ("flash", "gemini", "gem"),
        ("unknown", "openai", ""),
        ("small", "openai", ""),
        ("small", "other", "other"),
    ],
)
def test_the_provider_is_the_only_one_with_that_model(make_own: MakeOwn, model: str, named: str, expected: str) -> None:
    own = make_own(providers=PROVIDERS + SHARED)
    assert provider_of(LogEvent(**USAGE, model=model, provider=named), own.configuration.settings) == expected


def test_in_the_store_one_row_has_three_figures_and_no_text(
    make_own: MakeOwn, make_completion: MakeCompletion, folder: Path, tmp_path: Path
) -> None:
    recorder = Recorder(f"sqlite:///{tmp_path / 'own.db'}", proxy_id="p-1", clock_ms=lambda: AT_MS)
    recorder.start()
    own = make_own(recorder=recorder)
    recorder.submit(
        make_completion(
            model="large",
            started_at_ms=AT_MS - 4_000,
            duration_ms=3_900.0,
            prompt_tokens_before=5_000,
            prompt_tokens=5_050,
        )
    )
    private = (
        b'[2026-07-12T08:16:08] {"role":"user","content":"my private words"}\n'
        b"[2026-07-12T08:16:08] Error: Malformed JSON sent from server: my private words sk-kimi-abcdef123456\n"
        b"my private words\n"
    )
    chat = b'{"eventName":"chatInteraction","timestamp":"2026-07-12T08:16:08.412Z","prompt":"my private words"}\n'
    generated = folder / "dev_data" / "0.2.0" / "tokensGenerated.jsonl"
    follow(own, (folder / "logs" / "core.log", private), (generated, USED + chat))
    assert recorder.flush(60.0)
    recorder.close(60.0)
    with closing(sqlite3.connect(tmp_path / "own.db")) as connection:
        (row,) = connection.execute(
            "SELECT source, prompt_tokens_before, prompt_tokens, logged_prompt_tokens, logged_at_ms FROM completions"
        ).fetchall()
        assert row == ("proxy", 5_000, 5_050, 5_120, AT_MS)
        assert connection.execute("SELECT message FROM events").fetchall() == [("Malformed JSON sent from server",)]
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("own.db*"))
    assert b"private" not in stored and b"sk-kimi" not in stored
