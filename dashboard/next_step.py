"""What a person could do about a session next: one sentence with its figures, and the button it points at.

Same figures, same advice: no Streamlit, no clock.
"""

from dataclasses import dataclass
from typing import NamedTuple

from addons.domain.composition import STALE, Composition
from addons.domain.settings.schema import Compression
from addons.domain.shares import RULES, SYSTEM, TOOLS
from dashboard.format import percent, tokens
from dashboard.i18n import _, n_

COMPRESS, MASK = "compress", "mask"
SOON_TURNS = 8.0
"""Until older exchanges are summed up by themselves: a person may want to choose the moment."""
STALE_SHARE = 0.02
"""Of the prompt: less is not worth a broken prefix cache."""
STANDING_SHARE = 0.25
"""Of the prompt: so much that the editor's set-up is worth a look."""
LOW_CACHE, FEW = 0.5, 10
"""Below this share from the cache, over at least so many requests, something breaks it."""


class Advice(NamedTuple):
    text: str
    """Our own words."""
    button: str = ""
    """COMPRESS, MASK or, where no button helps, ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a session stands; None where it is not known."""

    fill: float | None
    """0..1 of the context window."""
    turns_left: float | None
    """Until the window is full, at this pace."""
    cache_share: float | None
    cache_requests: int
    """Over how many requests the share is."""
    found: Composition | None
    masks: bool
    """Whether its requests are masked."""
    compression: Compression


def next_step(now: Standing) -> Advice:
    """The first of these that holds."""
    return _room(now) or _stale(now) or _standing(now) or _cache(now) or _nothing(now)


def _room(now: Standing) -> Advice | None:
    if now.fill is None:
        return None
    at, keep = percent(now.compression.threshold), now.compression.keep_exchanges
    if now.fill >= now.compression.threshold:
        words = _(
            "The window is {fill} full. Compress now: the older exchanges become one summary, the latest {n} stay."
        )
        return Advice(words.format(fill=percent(now.fill), n=keep), COMPRESS)
    turns = _turns_to_threshold(now)
    if turns is None or turns > SOON_TURNS:
        return None
    n = max(1, round(turns))
    if now.compression.enabled:
        words = n_("In about {n} turn, at {at}, the older exchanges become one summary by themselves. After a "
                   "finished task is a better moment: compress now.",
                   "In about {n} turns, at {at}, the older exchanges become one summary by themselves. After a "
                   "finished task is a better moment: compress now.", n)  # fmt: skip
    else:
        words = n_("In about {n} turn the window is {at} full, and nothing is compressed by itself: compress it now.",
                   "In about {n} turns the window is {at} full, and nothing is compressed by itself: compress it now.",
                   n)  # fmt: skip
    return Advice(words.format(n=n, at=at), COMPRESS)


def _turns_to_threshold(now: Standing) -> float | None:
    if now.fill is None or now.turns_left is None or now.fill >= 1:
        return None
    return now.turns_left * (now.compression.threshold - now.fill) / (1 - now.fill)


def _stale(now: Standing) -> Advice | None:
    if now.found is None or not now.masks:
        return None
    stale = [large.tokens for large in now.found.largest if large.advice == STALE]
    if not stale or sum(stale) < STALE_SHARE * sum(now.found.parts.values()):
        return None
    words = n_("A large result that the model has used is still sent whole. Mask now: up to {tokens} tokens less "
               "in each request.",
               "{n} large results that the model has used are still sent whole. Mask now: up to {tokens} tokens "
               "less in each request.", len(stale))  # fmt: skip
    return Advice(words.format(n=len(stale), tokens=tokens(sum(stale))), MASK)


def _standing(now: Standing) -> Advice | None:
    total = sum(now.found.parts.values()) if now.found else 0
    if now.found is None or not total:
        return None
    fixed = sum(now.found.parts.get(part, 0) for part in (SYSTEM, RULES, TOOLS))
    if (now.fill or 0) < 0.1 or fixed < STANDING_SHARE * total:
        return None
    words = _("{share} of the prompt is rules and tool definitions, sent with each request: switch off in your editor "
              "the servers that this work does not need.")  # fmt: skip
    return Advice(words.format(share=percent(fixed / total)))


def _cache(now: Standing) -> Advice | None:
    if now.cache_share is None or now.cache_share >= LOW_CACHE or now.cache_requests < FEW:
        return None
    return Advice(_("Only {share} came from the provider's cache: something changes the beginning of the requests. "
                    "Savings and cache says what.").format(share=percent(now.cache_share)))  # fmt: skip


def _nothing(now: Standing) -> Advice:
    turns = _turns_to_threshold(now)
    if turns is None or not now.compression.enabled:
        return Advice(_("Nothing: there is room, and what may be taken out is taken out by itself."))
    words = _("Nothing: there is room for about {n} turns; then, at {at}, the older exchanges become one summary by "
              "themselves.")  # fmt: skip
    return Advice(words.format(n=round(turns), at=percent(now.compression.threshold)))
