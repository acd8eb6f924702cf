"""Distrust: a client that hangs up in the TLS handshake does not trust our authority, and shows "Connection error."."""

import logging
import time

from mitmproxy import tls

from addons.domain import places
from addons.domain.events import Event, Level
from addons.hooks.configuration import Configuration
from addons.hooks.store import Store, now_ms

log = logging.getLogger(__name__)

QUIET_S = 600.0
"""Clients try three times and more, for each request."""


class Distrust:
    def __init__(self, configuration: Configuration, store: Store) -> None:
        self.configuration = configuration
        self.store = store
        self._told_s: dict[str, float] = {}
        """By host."""

    def tls_failed_client(self, data: tls.TlsData) -> None:
        host = data.conn.sni or ""
        if host not in self.configuration.settings.hosts():
            return
        now_s = time.monotonic()
        if now_s - self._told_s.get(host, -QUIET_S) < QUIET_S:
            return
        self._told_s[host] = now_s
        certificate = places.authority_certificate(self.configuration.environ)
        message = f"A client refused our certificate for {host}"
        log.warning('%s: start it with NODE_EXTRA_CA_CERTS="%s"; ./just doctor says more', message, certificate)
        self.store.submit(
            Event(at_ms=now_ms(), kind="distrust", level=Level.WARNING, message=message, data={"host": host})
        )
