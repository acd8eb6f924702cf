"""Where a call of our own goes: to the provider of the request at hand, as the client would call it."""

from collections.abc import Sequence

from mitmproxy import ctx, http

from addons.hooks.exchange import Exchange
from addons.services.summarizer import Place, tls_context

DROPPED_HEADERS = frozenset(
    {
        *("host", "content-length", "content-type", "content-encoding", "transfer-encoding", "accept", "expect", "te"),
        *("accept-encoding", "connection", "keep-alive", "upgrade", "proxy-authorization", "proxy-connection"),
        *("x-stainless-retry-count", "x-stainless-timeout", "x-stainless-helper-method", "idempotency-key", "cookie"),
    }
)
"""Of the request at hand: they belong to its connection or its body. All others go along, because some providers serve
known clients only."""
OWN_PREFIX = "x-kimi-"


def place_of(request: http.Request, exchange: Exchange, model: str, timeout_s: float) -> Place:
    """Where the request at hand goes, for an answer in one piece of that model."""
    url = request.url
    if exchange.endpoint.wire == "gemini":
        url = url.replace(":streamGenerateContent", ":generateContent").replace("alt=sse&", "").replace("alt=sse", "")
        url = url.replace(f"/{(exchange.asked or exchange).model_id}:", f"/{model}:").rstrip("?&")
    headers = {name.lower(): value for name, value in request.headers.items() if is_passed_on(name.lower())}
    options = ctx.options
    return Place(
        url=url,
        headers=headers | {"content-type": "application/json", "accept": "application/json"},
        wire=exchange.endpoint.wire,
        context=tls_context(
            options.ssl_verify_upstream_trusted_ca, options.ssl_verify_upstream_trusted_confdir, options.ssl_insecure
        ),
        proxy=upstream_proxy(options.mode),
        timeout_s=timeout_s,
    )


def is_passed_on(name: str) -> bool:
    return name not in DROPPED_HEADERS and not name.startswith(OWN_PREFIX)


def upstream_proxy(modes: Sequence[str]) -> str | None:
    """Of `--mode upstream:http://…`, in a network that has no other way out."""
    chained = (mode.removeprefix("upstream:").partition("@")[0] for mode in modes if mode.startswith("upstream:"))
    return next(chained, None)
