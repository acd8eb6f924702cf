"""Asking a running proxy."""

from pathlib import Path

import pytest

from addons.cli.asking import asked
from addons.domain.errors import UserError
from db.opened import Opened


def test_without_a_proxy_it_says_so(own_places: Path) -> None:
    url = f"sqlite:///{own_places}/sessions.db"
    opened = Opened(url)
    opened.engine()
    opened.close()
    with pytest.raises(UserError, match=r"No proxy answered within 0 s; start it with ./just up"):
        asked(url, "compress", {"session_id": "s-1"}, wait_s=0)
