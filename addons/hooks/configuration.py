"""Configuration: mitmproxy's options as this project needs them, and the settings every other addon reads.

Interception is restricted before anything listens: TLS is opened for the providers' hosts alone, everything else is
tunnelled unseen. The options set here are the ones that other values would make wrong or unsafe, each with its reason.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from mitmproxy import ctx, exceptions
from mitmproxy.addonmanager import Loader

from addons.domain import places
from addons.domain.errors import UserError
from addons.domain.providers import Matcher
from addons.domain.settings import Settings
from addons.services import settings_files
from addons.services.authority import ensure_authority

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
        self.settings: Settings
        self.matcher: Matcher

    def load(self, loader: Loader) -> None:
        loader.add_option("kimi_providers", str, "", "File with the providers' settings; KIMI_PROVIDERS otherwise.")
        loader.add_option("kimi_database", str, "", "SQLAlchemy URL of the store; KIMI_DATABASE_URL otherwise.")
        ctx.options.update(allow_hosts=[NOTHING], **REQUIRED)
        if ctx.options.confdir == ctx.options.default("confdir"):
            ctx.options.update(confdir=str(self._authority_dir()))

    def configure(self, updated: set[str]) -> None:
        if "kimi_providers" not in updated and hasattr(self, "settings"):
            return
        if ctx.options.kimi_providers:
            self.environ["KIMI_PROVIDERS"] = ctx.options.kimi_providers
        try:
            self.use(settings_files.load(self.environ))
        except UserError as error:
            raise exceptions.OptionsError(str(error)) from error

    def use(self, settings: Settings) -> None:
        """Make these the settings from the next request on."""
        self.settings = settings
        self.matcher = Matcher(settings)
        ctx.options.update(allow_hosts=[rf"^{re.escape(host)}:\d+$" for host in settings.hosts()])

    @property
    def database_url(self) -> str:
        return ctx.options.kimi_database or places.database_url(self.environ)

    def _authority_dir(self) -> Path:
        """Our own authority's folder; it is made here if `./just up` has not done so."""
        folder = places.authority_dir(self.environ)
        try:
            ensure_authority(folder, settings_files.load(self.environ).hosts())
        except UserError as error:
            raise exceptions.OptionsError(str(error)) from error
        return folder
