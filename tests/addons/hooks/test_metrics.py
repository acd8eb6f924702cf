"""A real scrape of a proxy's addons, read by a parser of Prometheus' format."""

import http.client
import re
from collections.abc import Iterator

import pytest

from addons.hooks.metrics import Metrics
from addons.hooks.store import Store
from addons.services.simulator.free_port import free_port
from tests.addons.hooks.living import start, stop
from tests.addons.hooks.own import Own
from tests.conftest import MakeCompletion

SAMPLE = re.compile(r'(?P<name>[a-z_]+)(?:\{(?P<labels>(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (?P<value>\S+)')


@pytest.fixture
def scraped(own: Own) -> Iterator[Own]:
    own.context.options.update(kimi_metrics_port=free_port())
    start(own)
    own.addon(Metrics).running()
    yield own
    own.addon(Metrics).done()
    stop(own)


def scrape(own: Own) -> dict[str, float]:
    """Values by name and labels; every line must be one that Prometheus knows, and every sample have its type."""
    connection = http.client.HTTPConnection("127.0.0.1", own.context.options.kimi_metrics_port, timeout=60)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    assert text.endswith("\n")
    types: dict[str, str] = {}
    found: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types
            types[name] = kind
        elif not line.startswith("# HELP "):
            match = SAMPLE.fullmatch(line)
            assert match, line
            family = re.sub("_(bucket|sum|count)$", "", match["name"])
            assert types.get(match["name"]) or types[family] == "histogram"
            assert line.rpartition(" ")[0] not in found
            found[line.rpartition(" ")[0]] = float(match["value"])
    return found


class TestMetrics:
    def test_a_scrape_shows_what_was_recorded(self, scraped: Own, make_completion: MakeCompletion) -> None:
        scraped.addon(Store).submit(make_completion(prompt_tokens=7, ttfb_ms=20.0))
        found = scrape(scraped)
        assert found['kimi_prompt_tokens_total{provider="kimi-code",model="kimi-for-coding"}'] == 7
        assert found["kimi_in_flight_requests"] == 0 and found["kimi_recorder_dropped_records_total"] == 0
        assert any(name.startswith("kimi_build_info{schema=") for name in found)
        scraped.addon(Store).submit(make_completion(prompt_tokens=3))
        assert scrape(scraped)['kimi_prompt_tokens_total{provider="kimi-code",model="kimi-for-coding"}'] == 10

    def test_without_a_port_nothing_is_counted_or_served(self, own: Own, make_completion: MakeCompletion) -> None:
        metrics = own.addon(Metrics)
        start(own)
        metrics.running()
        own.addon(Store).submit(make_completion())
        assert metrics.server is None and metrics._seen.empty()
        stop(own)

    def test_a_taken_port_is_one_logged_error(self, scraped: Own, caplog: pytest.LogCaptureFixture) -> None:
        server = scraped.addon(Metrics).server
        scraped.addon(Metrics).running()
        scraped.addon(Metrics).server = server
        assert "kimi_metrics_port" in caplog.text
