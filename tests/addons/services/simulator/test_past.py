import time
from collections.abc import Iterator

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from addons.services.simulator.hosts import PAST
from addons.services.simulator.past import Past


@pytest.fixture
def past() -> Iterator[Past]:
    made = Past()
    made.load(None)
    yield made
    made.done()


def asked(host: str, path: str) -> HTTPFlow:
    flow = tflow.tflow()
    flow.request.host, flow.request.path = host, path
    return flow


def test_the_clock_goes_as_far_behind_as_it_is_told(past: Past) -> None:
    now_s = time.time()
    past.requestheaders(flow := asked(PAST, "/7200"))
    assert flow.response and flow.response.status_code == 204
    assert time.time() == pytest.approx(now_s - 7_200, abs=60)
    assert time.time_ns() / 1e9 == pytest.approx(now_s - 7_200, abs=60)
    past.requestheaders(asked(PAST, "/0"))
    assert time.time() == pytest.approx(now_s, abs=60)


def test_other_requests_are_left_alone(past: Past) -> None:
    now_s = time.time()
    past.requestheaders(flow := asked("api.kimi.com", "/7200"))
    assert flow.response is None
    assert time.time() == pytest.approx(now_s, abs=60)


def test_it_leaves_the_clock_as_it_found_it(past: Past) -> None:
    past.requestheaders(asked(PAST, "/7200"))
    past.done()
    assert abs(time.time() * 1e9 - time.time_ns()) < 60e9
    assert time.time.__module__ == "time"
