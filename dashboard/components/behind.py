"""From a figure to what it is counted over, by the same filters."""

from dashboard.components import address
from dashboard.components.tile import Link
from dashboard.data import CompressionFilter, MaskedFilter, MemoryFilter, RequestFilter, SavingsFilter, UsageFilter

Wanted = CompressionFilter | MaskedFilter | MemoryFilter | RequestFilter | SavingsFilter | UsageFilter


def requests_behind(wanted: Wanted, label: str, **others: str) -> Link:
    """:param label: our own words.
    :param others: filters that only the page Requests has, or another period than the one chosen.
    """
    return Link("requests.py", label, _chosen(wanted) | others)


def savings_behind(wanted: Wanted, label: str) -> Link:
    """Likewise."""
    return Link("savings.py", label, _chosen(wanted))


def usage_behind(wanted: Wanted, label: str) -> Link:
    """Likewise."""
    return Link("usage.py", label, _chosen(wanted))


def _chosen(wanted: Wanted) -> dict[str, str]:
    """Once the page's filters are drawn: what all these pages can choose, as far as it is chosen."""
    of = {"provider": wanted.provider, "of": getattr(wanted, "session_id", ""),
          "model": getattr(wanted, "model", ""), "project": getattr(wanted, "project", "")}  # fmt: skip
    return {"period": address.value("period")} | {name: value for name, value in of.items() if value}
