"""What the log file gets of a proxy's day: figures and names, no text."""

import json
import logging
import os
from typing import Any

import pytest

from addons.domain import places
from addons.domain.alerts.alert import Alert
from addons.domain.events import Event, Level
from addons.hooks.logfile import LogFile, name_of
from addons.hooks.store import Store
from tests.addons.hooks.living import start, stop
from tests.addons.hooks.own import Own
from tests.conftest import MakeCompletion


def lines() -> list[dict[str, Any]]:
    (path,) = places.log_dir(os.environ).iterdir()
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class TestLogFile:
    def test_each_call_event_and_alert_has_a_line_without_its_text(
        self, own: Own, make_completion: MakeCompletion
    ) -> None:
        logfile, store = own.addon(LogFile), own.addon(Store)
        logfile.running()
        start(own)
        store.submit(make_completion(session_name="my secret plan", prompt_tokens=5, error_message="my secret plan"))
        store.submit(Event(at_ms=1, kind="epoch", message="my secret plan"))
        store.submit(Alert(key="context:s-1", at_ms=1, level=Level.CRITICAL, message="my secret plan"))
        stop(own)
        logfile.stop()
        told = {line["message"]: line for line in lines() if line["logger"] == "addons.hooks.logfile"}
        assert told["completion"]["prompt_tokens"] == 5 and told["completion"]["session_id"] == "s-1"
        assert told["event"]["kind"] == "epoch" and told["alert"]["rule"] == "context"
        assert "secret plan" not in json.dumps(lines())
        assert not any(isinstance(handler, type(logfile.handler)) for handler in logging.getLogger().handlers)

    def test_off_makes_no_file(self, make_own: Any) -> None:
        own = make_own(providers='[log]\nlevel = "off"\n[providers.x]\nname = "X"\nhosts = ["x.example"]\n')
        own.addon(LogFile).running()
        assert own.addon(LogFile).handler is None and not places.log_dir(os.environ).exists()

    def test_a_folder_that_cannot_be_made_is_a_warning(self, own: Own, caplog: pytest.LogCaptureFixture) -> None:
        places.home(os.environ).write_text("in the way")
        own.addon(LogFile).running()
        assert own.addon(LogFile).handler is None and "there is no log file" in caplog.text

    @pytest.mark.parametrize(
        ("modes", "name"),
        [
            (["regular@127.0.0.1:8080", "reverse:https://gateway.invalid@127.0.0.1:8788"], "proxy-8080.jsonl"),
            (["reverse:https://gateway.invalid@8788"], "proxy-8080.jsonl"),
        ],
    )
    def test_two_proxies_have_two_files(self, own: Own, modes: list[str], name: str) -> None:
        assert name_of(modes) == name
