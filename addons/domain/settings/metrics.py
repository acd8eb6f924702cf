"""The settings of metrics."""

from typing import Annotated

from msgspec import Meta, Struct

Port = Annotated[int, Meta(ge=1, le=65535)]


class Metrics(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Figures for Prometheus."""

    port: Annotated[
        Port | None,
        Meta(
            description="Where Prometheus finds them: http://127.0.0.1:PORT/metrics. Absent: nowhere. Used from the "
            "proxy's next start on; the option `kimi_metrics_port` goes before it.",
        ),
    ] = None
