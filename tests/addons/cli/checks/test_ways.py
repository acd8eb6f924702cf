"""How Continue reads addresses and exceptions from them."""

import pytest

from addons.cli.checks import ways


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("api.kimi.com", True),
        ("*.kimi.com", True),
        (".kimi.com", True),
        ("kimi.com", False),
        ("*", False),
        ("api.kimi.com:443", False),
        ("10.0.0.0/8", False),
        ("", False),
    ],
)
def test_an_exception_is_matched_as_continue_does(pattern: str, matches: bool) -> None:
    assert bool(ways.bypassing("api.kimi.com", (pattern,), {})) is matches
    assert bool(ways.bypassing("api.kimi.com", (), {"no_proxy": f"a, {pattern}"})) is matches


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost:8080/", True),
        ("127.0.0.1:8080", False),
        ("http://127.0.0.1:8081", False),
        ("http://proxy.example:8080", False),
        ("http://127.0.0.1:nonsense", False),
        ("", False),
    ],
)
def test_our_proxy_is_known_by_host_and_port(url: str, is_ours: bool) -> None:
    assert ways.names(url, "http://127.0.0.1:8080") is is_ours
