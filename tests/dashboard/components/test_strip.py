import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from addons.domain.places import SIMULATOR_PORT
from dashboard.components.strip import is_alive
from dashboard.data import ProxySign
from tests.filled import HOUR_MS, Filler

OpenPage = Callable[..., AppTest]
NOW = 1_800_000_000_000


def status(page: AppTest) -> str:
    return next(element.value for element in page.markdown if "badge" in element.value)


@pytest.mark.parametrize(
    ("seen_ms", "stopped_ms", "alive"),
    [
        pytest.param(NOW, None, True, id="just now"),
        pytest.param(NOW - 5_000, None, True, id="five seconds"),
        pytest.param(NOW - 5_001, None, False, id="silent"),
        pytest.param(NOW, NOW, False, id="stopped"),
    ],
)
def test_a_proxy_is_alive_while_its_sign_is_fresh(seen_ms: int, stopped_ms: int | None, alive: bool) -> None:
    sign = ProxySign("p-1", NOW - HOUR_MS, seen_ms, stopped_ms, "", "", 0, 0, "", "[]")
    assert is_alive(sign, NOW) is alive


def test_no_store_means_no_proxy_yet(open_page: OpenPage) -> None:
    assert "No proxy yet" in status(open_page("set_up.py"))


def test_a_fresh_sign_is_alive(open_page: OpenPage, filled_database: Filler) -> None:
    assert "Proxy alive" in status(open_page("sessions.py"))


def test_an_old_sign_is_silent_and_says_for_how_long(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.heartbeat(empty_database.now_ms - HOUR_MS)
    assert re.search(r"Proxy silent for 3[67]\d\d s", status(open_page("sessions.py")))


def test_an_orderly_end_is_stopped(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.heartbeat(empty_database.now_ms, stopped_ms=empty_database.now_ms)
    assert "Proxy stopped" in status(open_page("sessions.py"))


def test_lost_records_and_unused_settings_are_said(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.heartbeat(empty_database.now_ms + HOUR_MS, dropped=3, settings_error="![x](http://evil.example)")
    shown = " ".join(element.value for element in open_page("sessions.py").markdown)
    assert "3 records lost" in shown
    assert "providers.toml is not in use" in shown
    assert "evil.example" not in shown


def test_a_demo_says_so(open_page: OpenPage, filled_database: Filler, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Demo data" not in status(open_page("sessions.py"))
    monkeypatch.setenv(SIMULATOR_PORT, "4711")
    assert "Demo data" in status(open_page("sessions.py"))
