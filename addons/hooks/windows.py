"""Windows: notices models that take more than their context window in providers.toml."""

from mitmproxy import http

from addons.hooks.exchange import Exchange, Exchanges


class Windows:
    """Stands after `Recording`, which reads what the provider reported."""

    def __init__(self, exchanges: Exchanges) -> None:
        self.exchanges = exchanges
        self._larger: set[tuple[str, str]] = set()

    def is_larger(self, exchange: Exchange) -> bool:
        """Whether a prompt larger than the known window was answered by this model since the proxy started."""
        return exchange.target in self._larger

    def response(self, flow: http.HTTPFlow) -> None:
        exchange = self.exchanges.of(flow)
        usage = exchange.usage if exchange else None
        if exchange and usage and exchange.window and (usage.prompt_tokens or 0) > exchange.window:
            self._larger.add(exchange.target)
