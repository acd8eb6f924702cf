"""Lines that name us, found without repeating them."""

import pytest

from addons.cli import traces
from addons.cli.programs import Ports
from tests.addons.cli.checks.conftest import MakeSurroundings, surroundings

__all__ = ["surroundings"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("    apiBase: http://127.0.0.1:8788/kimi-code", "the gateway's address"),
        ("    apiBase: http://localhost:8788/kimi-code", "the gateway's address"),
        ('  "http.proxy": "http://127.0.0.1:8080"', "the proxy's address"),
        ("export NODE_EXTRA_CA_CERTS=~/.kimi-proxy/ca/mitmproxy-ca-cert.pem", "a certificate of mitmproxy's name"),
        ("    apiKey: sk-kimi-x", None),
        ("http://127.0.0.1:9999", None),
    ],
)
def test_a_line_that_names_us_is_numbered(surroundings: MakeSurroundings, line: str, what: str | None) -> None:
    found = list(traces.lines(f"# first\n{line}\n", surroundings(Ports())))
    assert found == ([(2, what)] if what else [])


def test_a_file_that_is_too_large_or_not_there_is_passed_over(
    surroundings: MakeSurroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "MOST_BYTES", 0)
    assert list(traces.found(surroundings(Ports()))) == []
