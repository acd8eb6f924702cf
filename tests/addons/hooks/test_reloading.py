"""A changed providers.toml, while the proxy runs."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from addons.hooks.reloading import Reloading
from addons.services.authority import ensure_authority
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.living import change, rows, start, stop, until
from tests.addons.hooks.own import PROVIDERS, Own

NEW = PROVIDERS + '\n[providers.new]\nname = "New"\nhosts = ["api.new.test"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "providers.toml"


@pytest.fixture
def started(own: Own) -> Iterator[Own]:
    start(own)
    yield own
    stop(own)


def intercepts(own: Own, host: str) -> bool:
    return any(re.search(pattern, f"{host}:443") for pattern in own.context.options.allow_hosts)


def shown(own: Own) -> str:
    return next((str(row["settings_error"]) for row in rows(own, "SELECT settings_error FROM heartbeat")), "")


class TestReloading:
    def test_a_host_added_later_is_intercepted_from_then_on(self, started: Own, file: Path) -> None:
        assert not intercepts(started, "api.new.test")
        file.write_text(NEW, encoding="utf-8")
        until(started, lambda: intercepts(started, "api.new.test"))
        assert started.configuration.matcher.match("api.new.test", "/chat/completions", "POST")
        assert intercepts(started, "llm.acme.test")

    def test_a_host_that_was_taken_out_is_not(self, started: Own, file: Path) -> None:
        file.write_text(PROVIDERS.replace("gem.test", "other.test"), encoding="utf-8")
        until(started, lambda: not intercepts(started, "gem.test"))

    def test_the_persons_own_file_counts_too(self, started: Own, tmp_path: Path) -> None:
        (tmp_path / "kimi" / "providers.toml").write_text("masking.keep_recent = 9", encoding="utf-8")
        until(started, lambda: started.configuration.settings.masking.keep_recent == 9)

    def test_what_the_dashboard_changed_lasts(self, started: Own, file: Path) -> None:
        change(started, "masking.policy", "off")
        until(started, lambda: started.configuration.settings.masking.policy == "off")
        file.write_text(NEW, encoding="utf-8")
        until(started, lambda: intercepts(started, "api.new.test"))
        assert started.configuration.settings.masking.policy == "off"

    def test_a_broken_file_is_told_and_the_good_settings_stay(
        self, started: Own, file: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "addons.hooks.reloading")
        before = started.configuration.settings
        file.write_text(PROVIDERS + "masking = 3\n[x", encoding="utf-8")
        until(started, lambda: "not valid TOML" in shown(started))
        assert started.configuration.settings is before
        file.write_text(PROVIDERS, encoding="utf-8")
        until(started, lambda: shown(started) == "")
        lines = [record.message for record in caplog.records if record.name == "addons.hooks.reloading"]
        assert len(lines) == 2
        assert lines[0].endswith("the settings in use stay in use")
        assert lines[1] == "the settings have changed and are in use"
        levels = [row["level"] for row in rows(started, "SELECT level FROM events WHERE kind = 'settings' ORDER BY id")]
        assert levels == ["warning", "info"]

    def test_the_same_mistake_is_told_once(self, started: Own, file: Path, caplog: pytest.LogCaptureFixture) -> None:
        file.write_text("x = sk-kimi-0123456789abcdef", encoding="utf-8")
        for _ in range(3):
            started.addon(Reloading).reload()
        until(started, lambda: shown(started))
        lines = [record.message for record in caplog.records if record.name == "addons.hooks.reloading"]
        assert len(lines) == 1
        assert "0123456789abcdef" not in lines[0] + shown(started)

    def test_a_host_that_the_authority_does_not_cover_is_told(
        self, make_own: MakeOwn, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        ensure_authority(tmp_path, ["llm.acme.test", "gem.test"])
        own = make_own()
        start(own)
        assert "does not cover" not in caplog.text
        file.write_text(NEW, encoding="utf-8")
        until(own, lambda: intercepts(own, "api.new.test"))
        stop(own)
        assert "The certificate authority does not cover api.new.test: " in caplog.text

    def test_without_settings_nothing_is_watched(self, make_own: MakeOwn) -> None:
        own = make_own(providers="x = ")
        own.addon(Reloading).running()
        own.addon(Reloading).done()
        assert own.addon(Reloading)._watch is None
