"""A stop loses no finished record; a kill at most those of the last moment, and never the store."""

import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from addons.services.simulator.script import Answer, Rule
from addons.services.simulator.server import Simulator
from tests.e2e.harness import Product, Way

pytestmark = pytest.mark.e2e

LAST_MOMENT_S = 3.0
"""A batch is written each quarter of a second, on a busy machine somewhat later."""
PATIENCE_S = 120.0


@pytest.fixture
def own(tmp_path: Path, simulator: Simulator) -> Iterator[Product]:
    """A product of this test's own, to be stopped by it."""
    simulator.inbox.clear()
    simulator.script.replace(())
    product = Product(tmp_path, simulator)
    product.start()
    yield product
    product.stop(signal.SIGKILL)


class Traffic:
    """Requests one after the other until the proxy is gone; knows when each answer had been read to its end."""

    def __init__(self, product: Product) -> None:
        self.finished: list[tuple[str, float]] = []
        self._way = Way(product, gateway=False)
        self._url = self._way.base_url("kimi-code", "api.kimi.com", "/coding/v1") + "/chat/completions"
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        number = 0
        with self._way.client() as client:
            while True:
                text, number = f"Question {number} of many", number + 1
                body = {"model": f"model-{number}", "messages": [{"role": "user", "content": text}], "stream": True}
                try:
                    client.post(self._url, json=body)
                except httpx.TransportError:
                    return
                self.finished.append((body["model"], time.monotonic()))  # type: ignore[arg-type]

    def wait(self, count: int, age_s: float = 0.0) -> None:
        """Until so many answers have been there for so long."""
        deadline = time.monotonic() + PATIENCE_S
        while not (holds := self._has(count, age_s)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert holds

    def _has(self, count: int, age_s: float) -> bool:
        return len(self.finished) >= count and time.monotonic() - self.finished[count - 1][1] > age_s

    def join(self) -> None:
        self._thread.join()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def test_an_orderly_stop_loses_no_finished_record(own: Product, number: signal.Signals) -> None:
    traffic = Traffic(own)
    traffic.wait(30)
    assert own.stop(number) == 0, own.output()
    traffic.join()
    recorded = {row["model"] for row in own.completions()}
    assert {model for model, _ in traffic.finished} <= recorded
    (heartbeat,) = own.query("SELECT stopped_at_ms FROM heartbeat")
    assert heartbeat["stopped_at_ms"]


def test_what_is_under_way_at_a_stop_is_recorded_as_broken_off(own: Product, simulator: Simulator) -> None:
    simulator.script.add(Rule(answer=Answer(text="slow " * 500, chunk_chars=5, chunk_delay_s=0.1)))
    way = Way(own, gateway=False)
    with way.client() as client:
        body = {"model": "slow", "messages": [{"role": "user", "content": "Slowly."}], "stream": True}
        url = way.base_url("kimi-code", "api.kimi.com", "/coding/v1") + "/chat/completions"
        with client.stream("POST", url, json=body) as response:
            chunks = response.iter_raw()
            while b'"content":"slow' not in next(chunks):
                continue
            assert own.stop(signal.SIGTERM) == 0
    (row,) = own.completions()
    assert row["model"] == "slow"
    assert row["outcome"] in ("client_abort", "upstream_abort")
    assert row["completion_tokens"] > 0


def test_a_kill_loses_at_most_the_last_moment_and_the_store_opens_clean(own: Product) -> None:
    traffic = Traffic(own)
    traffic.wait(30, age_s=LAST_MOMENT_S)  # else all of them may be of the last moment, which is not promised
    killed_at = time.monotonic()
    own.stop(signal.SIGKILL)
    traffic.join()
    recorded = {row["model"] for row in own.completions()}
    due = {model for model, at in traffic.finished if at < killed_at - LAST_MOMENT_S}
    assert len(due) >= 30
    assert due <= recorded
    with closing(sqlite3.connect(own.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_after_a_kill_it_starts_again_and_goes_on(own: Product) -> None:
    before = Traffic(own)
    before.wait(5)
    own.stop(signal.SIGKILL)
    before.join()
    rows = len(own.completions())
    own.start()
    after = Traffic(own)
    after.wait(5)
    own.stop(signal.SIGTERM)
    after.join()
    assert len(own.completions()) >= rows + 5


def test_a_second_proxy_on_the_same_port_says_so_and_ends(own: Product) -> None:
    assert own.process is not None
    options = {"env": own.environ, "cwd": own.folder, "capture_output": True, "text": True, "timeout": PATIENCE_S}
    done = subprocess.run(own.process.args, **options)  # type: ignore[call-overload]
    assert done.returncode != 0
    assert "address already in use" in (done.stdout + done.stderr).lower()
