"""The store's file and the proxies that write to it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from addons.cli.checks import storage
from addons.cli.checks.finding import Level
from addons.domain import places
from db import engine, health, schema
from db.queries.proxies import ProxySign
from tests.addons.cli.checks.conftest import MakeSurroundings

NOW = 1_790_000_000_000
SIGN = ProxySign("p-1", NOW - 60_000, NOW, None, "regular@127.0.0.1:8080", "", 0, 0, "", "[]")


@pytest.fixture
def store(own_places: Path) -> Path:
    writer = engine.writer(places.database_url(os.environ))
    schema.upgrade(writer)
    writer.dispose()
    return own_places / "sessions.db"


def test_a_sound_store_is_fine(surroundings: MakeSurroundings, store: Path) -> None:
    around = surroundings()
    found = [*storage.file(around), *storage.soundness(around), *storage.disk(around)]
    assert {finding.level for finding in found} == {Level.FINE}


def test_a_file_that_others_can_read_and_a_copy_with_keys_are_wrong(
    surroundings: MakeSurroundings, store: Path
) -> None:
    store.chmod(0o644)
    copy = store.with_name("sessions.db.legacy-2026-11-01")
    copy.touch()
    found = list(storage.file(surroundings()))
    assert [finding.level for finding in found] == [Level.WRONG, Level.FINE, Level.WRONG]
    assert found[0].advice == f'chmod 600 "{store}"' and found[2].advice == f'rm "{copy}"'


def test_a_damaged_page_is_found(surroundings: MakeSurroundings, store: Path) -> None:
    content = bytearray(store.read_bytes())
    content[4096 * 3 : 4096 * 8] = b"\xff" * 4096 * 5
    store.write_bytes(content)
    (finding,) = storage.soundness(surroundings())
    assert finding.level is Level.WRONG and "./just restore" in finding.advice


def test_a_large_log_and_a_full_disk_are_told(
    surroundings: MakeSurroundings, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "LARGE_WAL_BYTES", -1)
    monkeypatch.setattr(health, "free_bytes", lambda _: 1_000_000)
    around = surroundings()
    assert [finding.level for finding in storage.file(around)] == [Level.NOTE]
    assert [finding.level for finding in storage.disk(around)] == [Level.WRONG]


@pytest.mark.parametrize(
    ("signs", "levels"),
    [
        ([], []),
        ([SIGN], [Level.FINE]),
        ([SIGN, replace(SIGN, proxy_id="p-2")], [Level.FINE, Level.FINE, Level.NOTE]),
        ([replace(SIGN, dropped=3, settings_error="x")], [Level.FINE, Level.WRONG, Level.WRONG]),
        ([replace(SIGN, seen_at_ms=NOW - 60_000)], [Level.NOTE]),
        ([replace(SIGN, seen_at_ms=NOW - 60_000, stopped_at_ms=NOW - 60_000)], []),
        ([replace(SIGN, seen_at_ms=NOW - 90_000_000)], []),
        ([replace(SIGN, seen_at_ms=NOW + 600_000)], [Level.WRONG]),
    ],
    ids=["none", "one", "two", "in trouble", "silent", "stopped", "long gone", "from the future"],
)
def test_what_heartbeats_tell(signs: list[ProxySign], levels: list[Level]) -> None:
    assert [finding.level for finding in storage.heartbeats(signs, NOW)] == levels


def test_no_store_yet_is_not_said_twice(surroundings: MakeSurroundings) -> None:
    around = surroundings()
    assert [*storage.file(around), *storage.soundness(around), *storage.proxies(around)] == []
