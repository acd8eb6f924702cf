"""What the dashboard changes and asks for reaches the traffic."""

from collections.abc import Iterator

import pytest

from addons.hooks.control import Control
from addons.hooks.store import Store
from tests.addons.hooks.living import ask, change, rows, start, stop, until
from tests.addons.hooks.own import Own


@pytest.fixture
def started(own: Own) -> Iterator[Own]:
    start(own)
    yield own
    stop(own)


def error_of(own: Own, key: str) -> str:
    return next((row["error"] for row in rows(own, "SELECT * FROM settings") if row["key"] == key), "")


class TestControl:
    def test_a_setting_is_used_and_said_to_be(self, started: Own) -> None:
        change(started, "masking.policy", "off")
        until(started, lambda: started.configuration.settings.masking.policy == "off")
        until(started, lambda: rows(started, "SELECT 1 FROM settings WHERE applied_at_ms IS NOT NULL AND error = ''"))

    def test_settings_of_an_earlier_run_are_used_from_the_start(self, started: Own, own: Own) -> None:
        change(started, "masking.keep_recent", 7)
        until(started, lambda: own.configuration.settings.masking.keep_recent == 7)
        stop(own)
        own.configuration.live.change({"masking.keep_recent": None})
        start(own)
        until(own, lambda: own.configuration.settings.masking.keep_recent == 7)

    def test_a_setting_that_cannot_be_used_says_why_and_changes_nothing(self, started: Own) -> None:
        change(started, "masking.keep_recent", 7)
        until(started, lambda: started.configuration.settings.masking.keep_recent == 7)
        change(started, "masking.keep_recent", "many")
        until(started, lambda: error_of(started, "masking.keep_recent"))
        assert error_of(started, "masking.keep_recent").startswith(
            'dashboard: [masking] keep_recent is "many"; expected'
        )
        assert started.configuration.settings.masking.keep_recent == 7

    def test_null_gives_way_to_the_file(self, started: Own) -> None:
        change(started, "masking.keep_recent", 7)
        until(started, lambda: started.configuration.settings.masking.keep_recent == 7)
        change(started, "masking.keep_recent", None)
        until(started, lambda: started.configuration.settings.masking.keep_recent == 1)

    def test_a_command_nobody_knows_is_answered_with_those_there_are(self, started: Own) -> None:
        error = ask(started, "fly")["error"]
        assert error.startswith("This proxy has no command 'fly'; it has ")
        assert "delete_session, erase_session, " in error

    def test_without_a_store_there_is_nothing_to_listen_to(self, own: Own) -> None:
        own.addon(Store).recorder = None
        own.addon(Control).running()
        assert own.addon(Control).inbox is None
        own.addon(Control).done()
