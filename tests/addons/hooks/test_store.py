"""The recorder's life."""

import logging
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from addons.domain.events import Event
from addons.domain.sessions import SessionState
from addons.hooks.store import Store, now_ms, remembered
from db.engine import opened, reader
from db.queries.states import recent_states
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.living import rows, start, stop, until
from tests.addons.hooks.own import PROVIDERS, Own


def state(session_id: str) -> SessionState:
    return SessionState(id=session_id, name="", created_at_ms=now_ms(), last_seen_ms=now_ms(), keys=b"k" * 16)


@pytest.fixture
def started(own: Own) -> Iterator[Own]:
    start(own)
    yield own
    stop(own)


class TestStore:
    def test_records_are_on_disk_when_the_proxy_has_stopped(self, own: Own) -> None:
        start(own)
        assert own.addon(Store).submit(Event(at_ms=1, kind="failure"))
        stop(own)
        assert rows(own, "SELECT kind FROM events") == [{"kind": "failure"}]
        (beat,) = rows(own, "SELECT proxy_id, listen, stopped_at_ms FROM heartbeat")
        assert beat["proxy_id"] == own.addon(Store).proxy_id
        assert beat["listen"] == "regular"
        assert beat["stopped_at_ms"] is not None
        assert not own.addon(Store).submit(Event(at_ms=1, kind="failure"))

    def test_whose_proxy_it_is_stands_before_its_id(self, make_own: MakeOwn) -> None:
        own = make_own(providers=f'{PROVIDERS}\n[team]\nuser = "ana"\n')
        start(own)
        stop(own)
        (beat,) = rows(own, "SELECT proxy_id FROM heartbeat")
        assert re.fullmatch("ana-[0-9a-f]{8}", beat["proxy_id"])

    def test_sessions_are_known_again_after_a_restart(self, own: Own) -> None:
        start(own)
        own.addon(Store).submit(state("s-1"))
        stop(own)
        own.sessions.forget("s-1")
        start(own)
        found = own.sessions.state("s-1")
        stop(own)
        assert found == remembered(own.configuration.database_url)[0]

    def test_a_store_that_cannot_be_used_is_one_logged_error(
        self, own: Own, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "sessions.db").write_text("not a database, but somebody's letters")
        start(own)
        stop(own)
        errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert len(errors) == 1
        assert "sessions.db" in errors[0]
        assert not own.addon(Store).submit(state("s-1"))
        own.addon(Store).show_settings_error("nobody sees it")

    def test_without_settings_nothing_is_opened(self, make_own: object, tmp_path: Path) -> None:
        own = make_own(providers="x = ")  # type: ignore[operator]
        start(own)
        stop(own)
        assert not (tmp_path / "sessions.db").exists()

    def test_a_settings_error_is_shown_with_the_heartbeat_until_it_is_cured(self, started: Own) -> None:
        def shown() -> str:
            (beat,) = rows(started, "SELECT settings_error FROM heartbeat")
            return str(beat["settings_error"])

        until(started, lambda: rows(started, "SELECT 1 FROM heartbeat"))
        started.addon(Store).show_settings_error("providers.toml: not valid TOML")
        until(started, lambda: shown() == "providers.toml: not valid TOML")
        started.addon(Store).show_settings_error("")
        until(started, lambda: shown() == "")

    def test_a_terminal_that_closes_stops_the_proxy_in_order(self, started: Own) -> None:
        assert started.loop.remove_signal_handler(signal.SIGHUP)

    def test_reading_what_is_remembered_leaves_nothing_open(self, started: Own) -> None:
        until(started, lambda: remembered(started.configuration.database_url) == [])
        with opened(reader, started.configuration.database_url) as engine:
            assert recent_states(engine, 0, 10) == []
