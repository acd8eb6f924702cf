"""Counted windows: how a limit becomes a number of portions in a moving window."""

from dataclasses import dataclass

from addons.domain.pacing.limit import MINUTE_S, PERIOD_S, TOKENS, LimitKind


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


def window(kind: LimitKind, limit: int, wait_at: float, most_portions: int | None = None) -> Window | None:
    """:param wait_at: the share (0..1) of a limit per minute that we use: provider and proxy do not see the same
    minute. A day's limit is used to its end.
    :param most_portions: what a window of tokens is cut into, where each portion costs memory; None: one a token.
    :returns: None if this kind is not counted here.
    """
    period_s = PERIOD_S.get(kind)
    if period_s is None:
        return None
    portion = -(-limit // most_portions) if kind in TOKENS and most_portions else 1
    share = wait_at if period_s <= MINUTE_S else 1.0
    return Window(kind, limit, max(1, int(limit * share / portion)), portion, period_s)
