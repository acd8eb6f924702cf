"""Ending: what is to be the very last thing, after every other addon has ended."""

from collections.abc import Callable


class Ending:
    """Stands at the end of the list."""

    def __init__(self, *last: Callable[[], object]) -> None:
        self.last = last

    def done(self) -> None:
        for function in self.last:
            function()
