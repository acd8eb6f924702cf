"""LoopbackOnly: a client from another machine is turned away, also where mitmdump listens on all interfaces."""

import ipaddress
import logging

from mitmproxy import connection

log = logging.getLogger(__name__)


class LoopbackOnly:
    def client_connected(self, client: connection.Client) -> None:
        address = client.peername[0]
        if not is_loopback(address):
            client.error = "Kimi Proxy serves this machine only"
            log.warning("refused a client from %s; start mitmdump with --listen-host 127.0.0.1", address)


def is_loopback(address: str) -> bool:
    """Whether an IP address, also an IPv4 one in IPv6 form, is this machine itself."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback
