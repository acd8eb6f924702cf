"""A real question over a real socket."""

import http.client
import socket
from collections.abc import Iterator

import pytest

from addons.domain.errors import UserError
from addons.services.metrics_server import CONTENT_TYPE, MetricsServer


@pytest.fixture
def server() -> Iterator[MetricsServer]:
    server = MetricsServer(0, lambda: "kimi_x 1\n")
    server.start()
    yield server
    server.stop()


def asked(server: MetricsServer, path: str = "/metrics", **headers: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read().decode()
    connection.close()
    return found


def test_prometheus_gets_the_text(server: MetricsServer) -> None:
    assert asked(server) == (200, CONTENT_TYPE, "kimi_x 1\n")
    assert asked(server, "/metrics?x=1")[0] == 200


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 404),
        ("/metrics", {"Host": "evil.example"}, 403),
        ("/metrics", {"Origin": "https://evil.example"}, 403),
        ("/metrics", {"Sec_Fetch_Site": "cross-site"}, 403),
    ],
    ids=["another path", "another name", "a page", "a page of a browser"],
)
def test_others_get_nothing(server: MetricsServer, path: str, headers: dict[str, str], status: int) -> None:
    found, _, text = asked(server, path, **headers)
    assert found == status and "kimi_x" not in text


def test_it_listens_on_the_loopback_alone(server: MetricsServer) -> None:
    assert server._server.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_named_with_what_changes_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(UserError, match=rf"port {port} for the metrics is taken.*kimi_metrics_port"):
            MetricsServer(port, str)
