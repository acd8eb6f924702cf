"""Where a call of our own goes."""

import pytest

from addons.hooks.upstream import place_of, upstream_proxy
from tests.addons.hooks.own import Own, chat, flow_to

BODY = b'{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("flash:streamGenerateContent?alt=sse", "lite:generateContent"),
        ("flash:streamGenerateContent?alt=sse&key=AIzaf4k3", "lite:generateContent?key=AIzaf4k3"),
        ("flash:streamGenerateContent?key=AIzaf4k3&alt=sse", "lite:generateContent?key=AIzaf4k3"),
        ("flash:generateContent", "lite:generateContent"),
    ],
)
def test_geminis_path_names_the_model_and_an_answer_in_one_piece(own: Own, path: str, expected: str) -> None:
    flow = flow_to("gem.test", f"/v1beta/models/{path}", BODY)
    own.run(own.request(flow))
    place = place_of(flow.request, own.exchange(flow), "lite", 30)
    assert place.url == f"https://gem.test/v1beta/models/{expected}"
    assert "AIza" not in repr(place)


def test_the_clients_credentials_go_along_and_what_belongs_to_its_connection_does_not(own: Own) -> None:
    headers = {"Authorization": "Bearer sk-1", "X-Title": "Continue", "Accept-Encoding": "br", "Content-Length": "7"}
    flow = chat([{"role": "user", "content": "Hello"}], headers=headers)
    own.run(own.request(flow))
    place = place_of(flow.request, own.exchange(flow), "large", 30)
    assert set(place.headers) == {"authorization", "x-title", "content-type", "accept"}


@pytest.mark.parametrize(
    ("modes", "proxy"),
    [
        (["regular@127.0.0.1:8080", "reverse:https://gateway.invalid@127.0.0.1:8788"], None),
        (["upstream:http://proxy.example:3128@127.0.0.1:8080"], "http://proxy.example:3128"),
        (["upstream:http://proxy.example:3128"], "http://proxy.example:3128"),
    ],
)
def test_a_network_that_has_no_other_way_out(modes: list[str], proxy: str | None) -> None:
    assert upstream_proxy(modes) == proxy
