"""Alerts on their way: nobody waits for a channel, and its failure is told once."""

import logging
import queue
import threading
from collections.abc import Callable

import pytest

from addons.domain.alerts.alert import Alert, AlertSent
from addons.domain.events import Level
from addons.services import notifier
from addons.services.notifier import Channel, Notifier
from tests.addons.services.sinks import sink
from tests.addons.services.test_apprise_channel import dead_url

LONG_S = 60.0


def alert(number: int) -> Alert:
    return Alert(key=f"k:{number}", at_ms=number, level=Level.WARNING, message="m")


class Scripted:
    """A channel that fails as often as it is told to; `go` lets it work on."""

    name = "channel 1 (scripted)"

    def __init__(self, *errors: str) -> None:
        self.errors = list(errors)
        self.tried: queue.Queue[str] = queue.Queue()
        self.go = threading.Event()
        self.go.set()

    def deliver(self, alert: Alert) -> str:
        self.tried.put(alert.key)
        self.go.wait(LONG_S)
        return self.errors.pop(0) if self.errors else ""


class Reports:
    def __init__(self) -> None:
        self.got: queue.Queue[AlertSent] = queue.Queue()

    def __call__(self, sent: AlertSent) -> None:
        self.got.put(sent)

    def next(self) -> tuple[str, str]:
        sent = self.got.get(timeout=LONG_S)
        assert (sent.sent_at_ms is None) == bool(sent.error)
        return sent.key, sent.error


def make(scripted: Scripted, reports: Reports, retry_s: tuple[float, ...] = (), rest_s: float = 0.0) -> Channel:
    return Channel(scripted, reports, retry_s=retry_s, rest_s=rest_s)


def ended(channel: Channel) -> None:
    channel.close()
    channel.join(LONG_S)


def test_an_alert_is_tried_again_before_it_counts_as_failed() -> None:
    scripted, reports = Scripted("no", "no"), Reports()
    channel = make(scripted, reports, retry_s=(0.0, 0.0))
    channel.offer(alert(1))
    assert reports.next() == ("k:1", "")
    ended(channel)
    assert scripted.tried.qsize() == 3


def test_a_failure_is_told_once_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    scripted, reports = Scripted("no", "no", "no", "", "no again"), Reports()
    channel = make(scripted, reports)
    for number in range(1, 6):
        channel.offer(alert(number))
    assert [reports.next() for _ in range(3)] == [("k:1", "no"), ("k:4", ""), ("k:5", "no again")]
    ended(channel)
    assert reports.got.empty()
    assert [record.getMessage() for record in caplog.records] == [
        *("alerts: no", "alerts: channel 1 (scripted) works again", "alerts: no again")
    ]


def test_a_channel_that_failed_is_left_alone_for_a_while() -> None:
    scripted, reports = Scripted("no"), Reports()
    channel = make(scripted, reports, rest_s=1_000.0)
    channel.offer(alert(1))
    assert reports.next() == ("k:1", "no")
    channel.offer(alert(2))
    channel.offer(alert(3))
    ended(channel)
    assert scripted.tried.qsize() == 1


def test_nobody_waits_for_a_channel_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifier, "CAPACITY", 2)
    scripted, reports = Scripted(), Reports()
    scripted.go.clear()
    channel = make(scripted, reports)
    channel.offer(alert(1))
    scripted.tried.get(timeout=LONG_S)
    for number in range(2, 9):
        channel.offer(alert(number))
    assert reports.next() == ("k:4", "channel 1 (scripted) does not take alerts as fast as they come")
    channel.close()
    scripted.go.set()
    channel.join(LONG_S)
    assert reports.next() == ("k:1", "")
    assert reports.got.empty()
    assert scripted.tried.empty()


def test_closing_does_not_wait_for_the_next_try() -> None:
    scripted, reports = Scripted("no", "no"), Reports()
    channel = make(scripted, reports, retry_s=(1_000.0,))
    channel.offer(alert(1))
    scripted.tried.get(timeout=LONG_S)
    ended(channel)
    assert reports.next() == ("k:1", "no")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Callable[[Reports], Notifier]:
    """Notifiers whose channels are tried once."""
    monkeypatch.setattr(Channel.__init__, "__kwdefaults__", {"retry_s": (), "rest_s": 1_000.0})
    return Notifier


def test_a_dead_and_a_slow_channel_hold_up_nobody(quick: Callable[[Reports], Notifier]) -> None:
    reports = Reports()
    with sink() as slow, sink() as fast:
        slow.answers.clear()
        sending = quick(reports)
        sending.use([dead_url(), slow.url, fast.url])
        for number in (1, 2):
            sending.send(alert(number))
        assert fast.came.acquire(timeout=LONG_S)
        assert fast.came.acquire(timeout=LONG_S)
        assert slow.came.acquire(timeout=LONG_S)
        assert len(slow.taken) == 1
        found = {reports.next() for _ in range(3)}
        assert found == {("k:1", "channel 1 (json) did not take the message"), ("k:1", ""), ("k:2", "")}
        slow.answers.set()
        sending.close(LONG_S)


def test_other_addresses_are_used_from_then_on() -> None:
    reports = Reports()
    with sink() as first, sink() as second:
        sending = Notifier(reports)
        sending.send(alert(1))  # to nobody
        sending.use([first.url])
        sending.use((first.url,))
        sending.send(alert(2))
        assert reports.next() == ("k:2", "")
        sending.use([second.url])
        sending.send(alert(3))
        assert reports.next() == ("k:3", "")
        sending.close(LONG_S)
        sending.send(alert(4))
        assert (len(first.taken), len(second.taken)) == (1, 1)
