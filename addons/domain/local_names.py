"""Who may talk to a port of ours: programs of this machine that name it so; no web page, not even one whose name leads
here (DNS rebinding)."""

import re

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_HOST = re.compile(r"(?:\[(?P<ip6>[^\]]*)\]|(?P<name>[^:\[\]]*))(?::\d*)?")


def is_local(host_header: str) -> bool:
    """Whether the Host that a client sends, with or without a port, names this machine."""
    found = _HOST.fullmatch(host_header.strip().lower())
    return found is not None and (found["ip6"] or found["name"]) in LOCAL_NAMES


def is_page(origin: str | None, sec_fetch_site: str | None) -> bool:
    """Whether a browser asks on a page's behalf. An address that a person types has neither header, or says "none"."""
    return bool(origin) or (sec_fetch_site or "none") != "none"
