"""One address of Apprise, asked to deliver one message. Addresses are secrets: they are neither logged nor shown."""

import logging
from typing import Any

from addons.domain.alerts.alert import Alert
from addons.domain.events import Level

TIMEOUT_S = 10.0
"""For a connection, and between two packets of an answer."""
NAME = "Kimi Proxy"
REFUSED = "did not take the message"
UNKNOWN = "is not an address that Apprise knows, or this machine lacks what it needs"


class AppriseChannel:
    def __init__(self, number: int, url: str, timeout_s: float = TIMEOUT_S) -> None:
        """:param number: its place among the addresses, counted from 1: what it is called by, with its kind."""
        self.name = f"channel {number} ({_kind(url)})"
        self._url = url
        self._timeout_s = timeout_s
        self._service: Any = None

    def is_usable(self) -> bool:
        """Whether Apprise knows the address; nothing is sent."""
        self._service = self._service or self._made()
        return self._service is not None

    def deliver(self, alert: Alert) -> str:
        """Why it was not delivered; "" where it was. Waits for the network."""
        if not self.is_usable():
            return f"{self.name} {UNKNOWN}"
        kind = {Level.INFO: "info", Level.WARNING: "warning", Level.CRITICAL: "failure"}[alert.level]
        lines = [alert.message, f"Session {alert.session_id}" if alert.session_id else ""]
        try:
            taken = self._service.notify(
                title=f"{NAME}: {alert.level}", body="\n".join(filter(None, lines)), notify_type=kind
            )
        except Exception as error:  # noqa: BLE001 - a plug-in's own, of any kind; its text may hold the address
            return f"{self.name} failed: {type(error).__name__}"
        return "" if taken else f"{self.name} {REFUSED}"

    def _made(self) -> Any:
        """None: not an address that can be used."""
        _silence()
        import apprise  # noqa: PLC0415 - half a second, which only a proxy that sends alerts pays for

        # No picture: whoever shows the message would fetch it from elsewhere.
        asset = apprise.AppriseAsset(
            app_id=NAME, app_desc=NAME, app_url="", image_url_mask="", image_url_logo="", async_mode=False
        )
        service = apprise.Apprise.instantiate(self._url, asset=asset, suppress_exceptions=True)
        if not isinstance(service, apprise.NotifyBase):
            return None
        service.socket_connect_timeout = service.socket_read_timeout = self._timeout_s
        one = apprise.Apprise(asset=asset)
        return one if one.add(service) else None


def _kind(url: str) -> str:
    """Its scheme, where it is one: the rest is secret, and so may be what is no address."""
    scheme, separator, _ = url.partition("://")
    return scheme if separator and scheme.isalnum() and len(scheme) <= 12 else "unknown"


def _silence() -> None:
    """Both write addresses, with their secrets, into the log."""
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    logging.getLogger("urllib3").setLevel(logging.INFO)
