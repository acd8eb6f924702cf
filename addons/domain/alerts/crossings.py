"""When a share crosses a threshold upwards: once, and again only after it has been below."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

REMEMBERED = 5_000
"""Shares; the one that has not moved for longest is forgotten first."""


class Crossings:
    def __init__(self) -> None:
        self._shares: OrderedDict[str, float] = OrderedDict()

    def load(self, shares: Mapping[str, float]) -> None:
        """As they were when they were looked at last."""
        for name, share in shares.items():
            self._remember(name, share)

    def crossed(self, name: str, share: float, thresholds: Sequence[float], *, each_time: float = 2.0) -> float | None:
        """The highest threshold that the share has crossed since it was looked at last; None: none.

        :param each_time: from this share on its threshold counts as crossed each time.
        """
        before = self._shares.get(name, 0.0)
        self._remember(name, share)
        reached = max((threshold for threshold in thresholds if share >= threshold), default=None)
        if reached is None or (before >= reached and reached < each_time):
            return None
        return reached

    def _remember(self, name: str, share: float) -> None:
        self._shares[name] = share
        self._shares.move_to_end(name)
        if len(self._shares) > REMEMBERED:
            self._shares.popitem(last=False)
