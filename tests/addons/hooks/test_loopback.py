import pytest
from mitmproxy.test import tflow

from addons.hooks.loopback import LoopbackOnly, is_loopback


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.7", False),
        ("::ffff:10.0.0.7", False),
        ("fe80::1%eth0", False),
    ],
)
def test_loopback_is_told_in_every_spelling(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected


class TestLoopbackOnly:
    def test_a_client_of_this_machine_is_served(self) -> None:
        client = tflow.tclient_conn()
        client.peername = ("127.0.0.1", 50000)
        client.error = None
        LoopbackOnly().client_connected(client)
        assert client.error is None

    def test_a_client_from_elsewhere_is_turned_away(self) -> None:
        client = tflow.tclient_conn()
        client.peername = ("192.168.1.20", 50000)
        client.error = None
        LoopbackOnly().client_connected(client)
        assert client.error == "Kimi Proxy serves this machine only"
