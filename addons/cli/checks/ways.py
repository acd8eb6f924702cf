"""Which way each model of Continue's configuration goes: to the gateway, through the proxy, or past both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from addons.cli.checks.continue_config import ConfiguredModel, RequestOptions
from addons.cli.connect import gateway_url, proxy_url
from addons.cli.programs import Ports
from addons.domain.providers import Endpoint, Matcher
from addons.domain.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

DEFAULT_BASES = {
    "openai": "https://api.openai.com/v1/",
    "moonshot": "https://api.moonshot.cn/v1/",
    "mistral": "https://api.mistral.ai/v1/",
    "groq": "https://api.groq.com/openai/v1/",
    "nvidia": "https://integrate.api.nvidia.com/v1/",
    "openrouter": "https://openrouter.ai/api/v1/",
    "cerebras": "https://api.cerebras.ai/v1/",
    "siliconflow": "https://api.siliconflow.cn/v1/",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/",
}
"""Where Continue's adapters go without `apiBase` (core/llm/llms, 2026-06)."""

PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
"""In the order in which Continue asks them for an https address."""


class Way(Enum):
    GATEWAY = auto()
    PROXY = auto()
    """As far as the file and this shell's environment say."""
    PAST = auto()
    LOCAL = auto()
    """A model on this machine; nothing for us."""


@dataclass(frozen=True)
class Situation:
    """What the rules need to know beside the configuration."""

    settings: Settings
    ports: Ports
    environ: Mapping[str, str]
    windows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Context windows that providers told, by provider and model; they go before the settings."""

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self.settings)

    @property
    def own_proxy(self) -> str:
        return proxy_url(self.ports)

    def gateway(self, key: str) -> str:
        return f"{gateway_url(self.ports)}/{key}"

    @property
    def env_proxy(self) -> str:
        """What Continue would take from this environment."""
        return next((self.environ[name] for name in PROXY_VARIABLES if self.environ.get(name)), "")


@dataclass(frozen=True, slots=True)
class Course:
    """Where one model's requests go."""

    model: ConfiguredModel
    options: RequestOptions
    """As the IDEs merge them."""
    base: SplitResult
    way: Way
    key: str
    """Of the provider in providers.toml; "" where it is none of them."""
    proxy: str
    """The proxy that Continue takes; "" for none."""


def course(model: ConfiguredModel, common: RequestOptions, situation: Situation) -> Course:
    options = model.options.over(common)
    base = urlsplit(model.api_base or DEFAULT_BASES.get(model.provider, ""))
    host = base.hostname or ""
    proxy = options.proxy or situation.env_proxy
    if host in LOOPBACK:
        target = situation.matcher.gateway_target(base.path or "/")
        is_gateway = port_of(base) == situation.ports.gateway
        return Course(model, options, base, Way.GATEWAY if is_gateway else Way.LOCAL, target.provider if target else "",
                      proxy)  # fmt: skip
    endpoint = endpoint_of(base, situation.matcher)
    # Gemini's library knows neither proxy nor apiBase.
    knows_proxy = model.provider != "gemini" and not bypassing(host, options.no_proxy, situation.environ)
    is_ours = knows_proxy and names(proxy, situation.own_proxy)
    return Course(
        model, options, base, Way.PROXY if is_ours else Way.PAST, endpoint.provider if endpoint else "", proxy
    )


def endpoint_of(base: SplitResult, matcher: Matcher) -> Endpoint | None:
    return matcher.match(base.hostname, f"{base.path.rstrip('/')}/chat/completions") if base.hostname else None


def port_of(url: SplitResult) -> int | None:
    """None also where it is no port."""
    try:
        return url.port
    except ValueError:
        return None


def has_scheme(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def names(url: str, own: str) -> bool:
    """Whether the URL is that of our proxy."""
    if not has_scheme(url):
        return False
    one, other = urlsplit(url), urlsplit(own)
    return one.hostname in LOOPBACK and port_of(one) == port_of(other)


def bypassing(host: str, patterns: tuple[str, ...], environ: Mapping[str, str]) -> str:
    """The pattern that takes the host past the proxy, as Continue matches: exact, `*.x` or `.x`. A pattern with a port
    and `*` alone never match, nor do networks."""
    listed = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    for pattern in (*patterns, *(part.strip() for part in listed.split(","))):
        ending = pattern[1:] if pattern.startswith("*.") else pattern
        if pattern and (host == pattern or (ending.startswith(".") and host.endswith(ending))):
            return pattern
    return ""
