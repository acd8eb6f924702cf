"""Counted windows: how a limit becomes a number of portions in a moving window."""

from dataclasses import dataclass

from addons.domain.pacing.limit import MINUTE_S, PERIOD_S, TOKENS, LimitKind

MOST_PORTIONS = 1_000
"""Of a window of tokens: each portion is an entry in the window, and a request takes whole ones, so that at most a
thousandth of the limit is lost for each."""


@dataclass(frozen=True, slots=True)
class Window:
    """At most `portions` in any `period_s` seconds."""

    kind: LimitKind
    limit: int
    """As the provider says it."""
    portions: int
    """What we allow ourselves."""
    portion: int
    """How much of the limit one portion is."""
    period_s: int

    def portions_of(self, amount: int) -> int:
        """Rounded up; what is larger than the window takes all of it, and then the provider decides."""
        return max(1, min(self.portions, -(-amount // self.portion)))


def window(kind: LimitKind, limit: int, wait_at: float) -> Window | None:
    """:param wait_at: the share (0..1) of a limit per minute that we use: provider and proxy do not see the same
    minute. A day's limit is used to its end. None: this kind is not counted here.
    """
    period_s = PERIOD_S.get(kind)
    if period_s is None:
        return None
    portion = -(-limit // MOST_PORTIONS) if kind in TOKENS else 1
    share = wait_at if period_s <= MINUTE_S else 1.0
    return Window(kind, limit, max(1, int(limit * share / portion)), portion, period_s)
