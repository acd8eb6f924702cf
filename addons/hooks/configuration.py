"""Configuration: mitmproxy's options as this project needs them, and the settings every other addon reads.

Interception is restricted before anything listens: TLS is opened for the providers' hosts alone, everything else is
tunnelled unseen. The options set here are the ones that other values would make wrong or unsafe, each with its reason.
"""

import logging
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader

from addons.domain import places
from addons.domain.errors import UserError
from addons.domain.providers import Matcher
from addons.domain.settings import Settings
from addons.services.authority import ensure_authority, load_authority
from addons.services.live_settings import LiveSettings

log = logging.getLogger(__name__)

GATEWAY_HOST = "gateway.invalid"
"""What mitmdump's reverse mode is told to serve; `Gateway` maps it to a provider before any connection is made."""

NOTHING = r"^\b$"
"""Matches no host: what is intercepted while there are no valid settings."""

REQUIRED = {
    # An eager connection goes to the CONNECT's host before our hooks can change it, and fails when that host is down.
    "connection_strategy": "lazy",
    # With lazy, an HTTP/2 client gets one upstream connection per request, five at most: a sixth stream would wait.
    "http2": False,
    # Copied names of the provider's certificate may lie outside our authority's name constraints.
    "upstream_cert": False,
    # The gateway checks the Host that the client sent.
    "keep_host_header": True,
    # Its lines hold URLs, and Gemini's carry the key.
    "flow_detail": 0,
}


class Configuration:
    """Owns the settings; the others hold a reference to this object and read `settings` and `matcher` on each call."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = dict(environ)
        self.live = LiveSettings(self.environ)
        self.is_usable = False
        """False where the settings could not be read: nothing is intercepted, and mitmdump is about to end."""
        self.settings = self.live.current
        self.matcher = Matcher(self.settings)

    def load(self, loader: Loader) -> None:
        loader.add_option("kimi_providers", str, "", "File with the providers' settings; KIMI_PROVIDERS otherwise.")
        loader.add_option("kimi_database", str, "", "SQLAlchemy URL of the store; KIMI_DATABASE_URL otherwise.")
        loader.add_option("kimi_metrics_port", int, 0, "Port of the metrics for Prometheus; [metrics] port otherwise.")
        ctx.options.update(allow_hosts=[NOTHING], **REQUIRED)

    def configure(self, updated: set[str]) -> None:
        if "kimi_providers" not in updated and self.is_usable:
            return
        if ctx.options.kimi_providers:
            self.environ["KIMI_PROVIDERS"] = ctx.options.kimi_providers
        try:
            self.live.reload()
            self._use_own_authority()
            self.refresh()
        except UserError as error:
            # mitmdump ends with status 1 when an error is logged while it starts; an exception would print a traceback.
            log.error("%s", error)

    def refresh(self) -> None:
        """Use the live settings as they are now. On the event loop."""
        hosts = set(self.live.current.hosts()) - set(self.settings.hosts())
        self.use(self.live.current)
        if uncovered := self._uncovered(hosts):
            log.warning(
                "The certificate authority does not cover %s: clients will refuse the connection. "
                "Run ./just up --new-ca, and let them trust the new authority.",
                ", ".join(sorted(uncovered)),
            )

    def use(self, settings: Settings) -> None:
        """Make these the settings from the next request on."""
        self.settings = settings
        self.matcher = Matcher(settings)
        self.is_usable = True
        hosts = (*settings.hosts(), GATEWAY_HOST)
        ctx.options.update(allow_hosts=[rf"^{re.escape(host)}:\d+$" for host in hosts])

    @property
    def database_url(self) -> str:
        return ctx.options.kimi_database or places.database_url(self.environ)

    def _use_own_authority(self) -> None:
        """Our own authority, made here if `./just up` has not done so, unless the person chose a confdir."""
        if ctx.options.confdir == ctx.options.default("confdir"):
            folder = places.authority_dir(self.environ)
            ensure_authority(folder, self.live.current.hosts())
            ctx.options.update(confdir=str(folder))

    def _uncovered(self, hosts: Collection[str]) -> tuple[str, ...]:
        """Those for which the authority in use may not sign."""
        try:
            return load_authority(Path(ctx.options.confdir).expanduser()).missing(hosts) if hosts else ()
        except (OSError, UserError):
            return ()  # none yet: mitmproxy makes one for every host; or none of ours, which it says itself
