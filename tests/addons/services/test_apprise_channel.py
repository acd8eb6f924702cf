"""One message to one address."""

import logging
import socket
import time
from contextlib import closing

import pytest

from addons.domain.alerts.alert import Alert
from addons.domain.events import Level
from addons.services.apprise_channel import AppriseChannel
from tests.addons.services.sinks import sink

ALERT = Alert(key="k", at_ms=1, level=Level.CRITICAL, message="91% full <b>", session_id="s-1")


def dead_url() -> str:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return f"json://127.0.0.1:{free.getsockname()[1]}/s3cr3t-path"


def test_a_message_arrives_with_its_level_and_its_session() -> None:
    with sink() as there:
        channel = AppriseChannel(1, there.url)
        assert [channel.deliver(ALERT), channel.deliver(ALERT)] == ["", ""]
    assert len(there.taken) == 2
    assert there.taken[0]["title"] == "Kimi Proxy: critical"
    assert there.taken[0]["message"] == "91% full <b>\nSession s-1"
    assert there.taken[0]["type"] == "failure"


def test_whoever_refuses_is_named_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with sink() as there:
        there.status = 500
        assert AppriseChannel(3, there.url).deliver(ALERT) == "channel 3 (json) did not take the message"
    assert AppriseChannel(2, dead_url()).deliver(ALERT) == "channel 2 (json) did not take the message"
    assert "s3cr3t" not in caplog.text


def test_whoever_does_not_answer_is_given_up() -> None:
    with sink() as there:
        there.answers.clear()
        began_s = time.monotonic()
        assert AppriseChannel(1, there.url, timeout_s=0.2).deliver(ALERT) == "channel 1 (json) did not take the message"
        assert time.monotonic() - began_s < 30


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("nosuch://s3cr3t", "channel 1 (nosuch)"),
        ("s3cr3t", "channel 1 (unknown)"),
        ("s3 cr3t://x", "channel 1 (unknown)"),
        ("", "channel 1 (unknown)"),
    ],
    ids=["an unknown service", "no address", "no scheme", "empty"],
)
def test_what_is_no_address_is_said_without_showing_it(url: str, name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    error = AppriseChannel(1, url).deliver(ALERT)
    assert error.startswith(f"{name} is not an address that Apprise knows")
    assert "s3cr3t" not in error + caplog.text


def test_a_plug_in_that_raises_is_named_by_the_kind_of_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = AppriseChannel(1, "json://127.0.0.1:9/")

    class Broken:
        def notify(self, **fields: object) -> bool:
            raise RuntimeError("s3cr3t")

    monkeypatch.setattr(channel, "_service", Broken())
    assert channel.deliver(ALERT) == "channel 1 (json) failed: RuntimeError"
