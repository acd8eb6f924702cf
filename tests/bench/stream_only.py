"""The baseline: the least an addon must do, hand on each chunk when it arrives."""

from mitmproxy import ctx, http


class StreamOnly:
    def load(self, loader: object) -> None:
        ctx.options.update(connection_strategy="lazy", http2=False, upstream_cert=False, flow_detail=0)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        assert flow.response
        flow.response.stream = True


addons = [StreamOnly()]
