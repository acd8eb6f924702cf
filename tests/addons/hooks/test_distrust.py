"""A client that hangs up in the handshake is told of once in a while."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from mitmproxy import tls

from addons.domain.events import Event
from addons.hooks.distrust import Distrust
from tests.addons.hooks.own import Own


def failed(host: str | None) -> tls.TlsData:
    return cast(tls.TlsData, SimpleNamespace(conn=SimpleNamespace(sni=host)))


class TestDistrust:
    def test_it_is_told_once_for_a_host_with_what_to_do(self, own: Own, caplog: pytest.LogCaptureFixture) -> None:
        hosts = own.configuration.settings.hosts()
        for host in (hosts[0], hosts[0], hosts[1], "elsewhere.example", None):
            own.addon(Distrust).tls_failed_client(failed(host))
        told: list[Any] = cast(Any, own.records).of(Event)
        assert [event.data["host"] for event in told] == [hosts[0], hosts[1]]
        assert "NODE_EXTRA_CA_CERTS=" in caplog.text
