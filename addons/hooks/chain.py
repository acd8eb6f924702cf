"""Our addons as one of mitmproxy's: it looks for each of a flow's twenty events in every addon, and most have none.

Forty addons cost a request as much CPU as reading it does. Here each event's hooks are found once. What mitmproxy does
for a whole script is done for each of its addons: one that fails is logged, and the others go on.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from mitmproxy.addonmanager import safecall
from mitmproxy.hooks import all_hooks

Hook = Callable[..., Any]


class Chain:
    """Has the hooks that at least one of `members` has, and calls theirs in the order of the list."""

    def __init__(self, members: Sequence[object]) -> None:
        self.members = members
        """Not `addons`: mitmproxy would look into that itself."""
        for event in all_hooks:
            hooks = [hook for addon in members if callable(hook := getattr(addon, event, None))]
            if hooks:
                setattr(self, event, _waiting(hooks) if any(map(inspect.iscoroutinefunction, hooks)) else _plain(hooks))


def _plain(hooks: Sequence[Hook]) -> Hook:
    """mitmproxy triggers some events outside its event loop; there it refuses a coroutine function."""

    def call(*args: object) -> None:
        for hook in hooks:
            try:
                hook(*args)
            except Exception:  # a context manager around each call would cost more than most hooks do
                with safecall():
                    raise

    return call


def _waiting(hooks: Sequence[Hook]) -> Hook:
    async def call(*args: object) -> None:
        for hook in hooks:
            try:
                found = hook(*args)
                if found is not None and inspect.isawaitable(found):
                    await found
            except Exception:
                with safecall():
                    raise

    return call
