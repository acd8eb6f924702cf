"""Asking a running proxy for something, and waiting for its answer."""

import time
from collections.abc import Mapping
from typing import Any

from addons.domain.errors import UserError
from db.engine import control, opened
from db.outbox import command_result, put_command

WAIT_S = 10.0
"""For the proxy's answer; it looks every 0.1 s."""
LOOK_S = 0.1


def asked(url: str, kind: str, payload: Mapping[str, object], wait_s: float = WAIT_S) -> Mapping[str, Any]:
    """The proxy's answer.

    :raises UserError: with its reason, or if no proxy answers.
    """
    deadline = time.monotonic() + wait_s
    with opened(control, url) as engine:
        command_id = put_command(engine, kind, payload)
        while (result := command_result(engine, command_id)) is None:
            if time.monotonic() > deadline:
                raise UserError(f"No proxy answered within {wait_s:g} s; start it with ./just up and try again.")
            time.sleep(LOOK_S)
    if "error" in result:
        raise UserError(str(result["error"]))
    return dict(result["ok"])
