import os
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from addons.domain import places
from dashboard import data
from tests.filled import Filler

OpenPage = Callable[..., AppTest]


def badges(page: AppTest) -> str:
    return " ".join(element.value for element in page.markdown if "badge" in element.value)


def test_without_a_store_every_step_is_there(open_page: OpenPage) -> None:
    page = open_page("set_up.py")
    assert [header.value for header in page.subheader] == [
        "1. Start the proxy",
        "2. Point Continue at it",
        "3. Ask Continue something",
    ]
    assert [tab.label for tab in page.tabs] == ["VS Code", "PyCharm", "cn", "Without a certificate"]
    assert "No certificate yet" in badges(page)
    assert "No proxy is alive" in badges(page)
    assert "Waiting for a request" in badges(page)


def test_the_recipes_name_the_certificate_of_this_installation(open_page: OpenPage) -> None:
    certificate = str(places.authority_certificate(os.environ))
    assert sum(certificate in code.value for code in open_page("set_up.py").code) >= 5


def test_a_certificate_and_a_proxy_turn_their_lights_on(open_page: OpenPage, filled_database: Filler) -> None:
    certificate = places.authority_certificate(os.environ)
    certificate.parent.mkdir(parents=True)
    Path(certificate).write_text("certificate")
    page = open_page("set_up.py")
    assert "The certificate is there" in badges(page)
    assert "A proxy is alive" in badges(page)
    assert any("127.0.0.1:8080" in text.value for text in page.text)


def test_the_first_request_after_opening_leads_to_its_session(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("set_up.py")
    assert "Waiting for a request" in badges(page)
    empty_database.now_ms += 60_000
    empty_database.session(0, requests=2, age_ms=0)
    data.forget()
    page.run()
    assert "A request has arrived" in badges(page)


def test_the_recipes_name_the_ports_of_the_proxy_that_is_alive(open_page: OpenPage, empty_database: Filler) -> None:
    listen = "regular@127.0.0.1:9090, reverse:https://gateway.invalid@127.0.0.1:9091"
    empty_database.heartbeat(empty_database.now_ms + 60_000, listen=listen)
    page = open_page("set_up.py")
    assert "It listens on 127.0.0.1:9090, 127.0.0.1:9091 (gateway)" in [text.value for text in page.text]
    codes = " ".join(code.value for code in page.code)
    assert "http://127.0.0.1:9090" in codes
    assert "http://127.0.0.1:9091/kimi-code" in codes
    assert "8080" not in codes


def test_in_the_demo_it_says_that_what_it_shows_is_the_demos(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not open_page("set_up.py").warning
    monkeypatch.setenv("KIMI_SIMULATOR_PORT", "1")
    assert "run `./just up`" in open_page("set_up.py").warning[0].value
