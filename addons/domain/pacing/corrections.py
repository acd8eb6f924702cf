"""What estimates were wrong by, made good by the next request."""

from addons.domain.pacing.limit import MINUTE_S


class Corrections:
    """Tokens that were counted too few (above 0) or too many, as long as they lie in the last minute."""

    def __init__(self) -> None:
        self._parts: list[tuple[float, int]] = []
        """When, and how much."""

    def add(self, tokens: int, at_s: float) -> None:
        """:param at_s: when the estimate was counted; a minute later it does not matter any more."""
        if tokens:
            self._parts.append((at_s, tokens))

    def apply(self, tokens: int, now_s: float) -> int:
        """What a request of so many tokens is to be counted as, at least 1."""
        self._parts = [(at_s, part) for at_s, part in self._parts if now_s - at_s < MINUTE_S]
        return max(1, tokens + sum(part for _, part in self._parts)) if self._parts else tokens

    def applied(self, tokens: int, now_s: float) -> None:
        """A request of so many tokens was counted with them; what is left over stays for the next."""
        if not self._parts:
            return
        left = tokens + sum(part for _, part in self._parts)
        latest_s = max(at_s for at_s, _ in self._parts)
        self._parts = [(latest_s, left - 1)] if left < 1 else []
