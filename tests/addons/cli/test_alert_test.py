"""`alert-test`: what became of a test."""

import pytest

from addons.cli.__main__ import main
from tests.addons.services.sinks import sink
from tests.addons.services.test_apprise_channel import dead_url


def test_each_channel_is_named_with_what_it_did(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_places: object
) -> None:
    with sink() as there:
        monkeypatch.setenv("KIMI_ALERT_URLS", f"{there.url} {dead_url()}")
        assert main(["alert-test", "--level", "critical"]) == 1
        monkeypatch.setenv("KIMI_ALERT_URLS", there.url)
        assert main(["alert-test"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "channel 1 (json) has taken it",
        "channel 2 (json) did not take the message",
        "channel 1 (json) has taken it",
    ]
    assert [taken["type"] for taken in there.taken] == ["failure", "warning"]
    assert "s3cr3t" not in said.out + said.err


def test_without_a_channel_it_says_where_to_set_one(capsys: pytest.CaptureFixture[str], own_places: object) -> None:
    assert main(["alert-test"]) == 1
    assert "There is nowhere to send alerts: set alerts.urls" in capsys.readouterr().err
