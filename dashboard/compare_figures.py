"""Two sessions side by side: same sides, same figures and words. No Streamlit, no clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean
from typing import Any, NamedTuple

from addons.domain.composition import Composition
from addons.domain.shares import PARTS
from dashboard.charts.series import SERIES
from dashboard.data import LiveRow, PrefixChanges, SessionRow
from dashboard.estimate_figures import errors
from dashboard.figures import cache_share, in_context, prompt
from dashboard.format import UNKNOWN, duration, number, percent, tokens, usd
from dashboard.i18n import N_, _

SAME_SHARE = 0.0005
"""Shares closer than this are shown alike."""
TIMES_FROM = 2.0
"""From this ratio on, "3.1 times" is easier to read than "+210 %"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two sessions."""

    session: SessionRow
    numbered: Sequence[tuple[int, LiveRow]]
    """Its latest requests with their places in the session, the oldest first."""
    made_of: Composition | None
    """Of the latest request in the context."""
    changes: PrefixChanges

    @property
    def rows(self) -> list[LiveRow]:
        return [row for _number, row in self.numbered]


class Measure(NamedTuple):
    name: str
    scope: str
    value: Callable[[Side], float | None]
    show: Callable[[Any], str]
    is_share: bool = False


def _per_turn(total: float | None, side: Side) -> float | None:
    return total / side.session.turns if total is not None and side.session.turns else None


def _cost(side: Side) -> float | None:
    """None where a request has no price: the sum would not be the session's."""
    return None if side.session.unpriced else side.session.cost_usd


def _net(side: Side) -> float | None:
    return None if side.session.unpriced else side.session.cost_unmodified_usd - side.session.cost_usd


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _saved_share(side: Side) -> float | None:
    """Of what was received, which is what was sent and what was saved."""
    received = side.session.prompt_tokens + side.session.saved_tokens
    return side.session.saved_tokens / received if received else None


def _off(side: Side) -> float | None:
    found = errors(side.rows, [])
    requests = sum(error.requests for error in found)
    return sum(error.after * error.requests for error in found) / requests if requests else None


def _count(value: float) -> str:
    return tokens(round(value))


SESSION, LATEST, SHOWN = N_("whole session"), N_("latest request"), N_("requests shown")
MEASURES = (
    Measure(N_("Context fill"), LATEST, lambda side: side.session.context_fill, percent, True),
    Measure(N_("Memory ratio"), LATEST, lambda side: side.session.memory_ratio, percent, True),
    Measure(N_("Turns"), SESSION, lambda side: side.session.turns, _count),
    Measure(N_("Requests"), SESSION, lambda side: side.session.completions, _count),
    Measure(N_("Requests a turn"), SESSION, lambda side: _per_turn(side.session.completions, side),
            lambda each: number(each, 1)),
    Measure(N_("Prompt tokens"), SESSION, lambda side: side.session.prompt_tokens, _count),
    Measure(N_("Prompt tokens a turn"), SESSION, lambda side: _per_turn(side.session.prompt_tokens, side), _count),
    Measure(N_("Answer tokens"), SESSION, lambda side: side.session.completion_tokens, _count),
    Measure(N_("From cache"), SHOWN, lambda side: cache_share(side.rows)[0], percent, True),
    Measure(N_("Tokens saved"), SESSION, lambda side: side.session.saved_tokens, _count),
    Measure(N_("Saved of what was received"), SESSION, _saved_share, percent, True),
    Measure(N_("Cost"), SESSION, _cost, usd),
    Measure(N_("Cost a turn"), SESSION, lambda side: _per_turn(_cost(side), side), usd),
    Measure(N_("Net in money"), SESSION, _net, usd),
    Measure(N_("Compressions"), SESSION, lambda side: side.changes.summaries, _count),
    Measure(N_("Epochs that masked"), SESSION, lambda side: side.changes.epochs, _count),
    Measure(N_("Errors"), SESSION, lambda side: side.session.errors, _count),
    Measure(N_("From first to last request"), SESSION,
            lambda side: side.session.last_seen_ms - side.session.created_at_ms, duration),
    Measure(N_("First byte, mean"), SHOWN, lambda side: _mean([row.ttfb_ms for row in side.rows]), duration),
    Measure(N_("Duration, mean"), SHOWN, lambda side: _mean([row.duration_ms for row in side.rows]), duration),
    Measure(N_("Estimates off by"), SHOWN, _off, percent, True),
)  # fmt: skip
TOLD = ("Prompt tokens a turn", "Cost a turn", "From cache")
"""The measures that are told in a sentence."""


def lines(left: Side, right: Side) -> list[dict[str, str]]:
    """Rows of the table: each measure of both sides, and their difference in words."""
    found = []
    for measure in MEASURES:
        one, other = measure.value(left), measure.value(right)
        found.append({
            "measure": _(measure.name),
            "left": UNKNOWN if one is None else measure.show(one),
            "right": UNKNOWN if other is None else measure.show(other),
            "difference": difference(one, other, is_share=measure.is_share),
            "scope": _(measure.scope),
        })  # fmt: skip
    return found


def sentences(left: Side, right: Side) -> list[str]:
    """What matters most, in words; without what is not known of a side."""
    found = []
    for measure in MEASURES:
        if measure.name in TOLD:
            words = difference(measure.value(left), measure.value(right), is_share=measure.is_share)
            if words != UNKNOWN:
                found.append(_("{measure}: on the right {difference}.").format(
                    measure=_(measure.name), difference=words))  # fmt: skip
    return found


def difference(left: float | None, right: float | None, *, is_share: bool) -> str:
    """The right side against the left one."""
    if left is None or right is None:
        return UNKNOWN
    if left == right or (is_share and abs(right - left) < SAME_SHARE):
        return _("the same")
    if is_share:
        points = 100 * abs(right - left)
        words = _("{n} points more") if right > left else _("{n} points less")
        return words.format(n=number(points, 1))
    if left <= 0 or right < 0:
        return _("more") if right > left else _("less")
    if right / left >= TIMES_FROM:
        return _("{n} times as much").format(n=number(right / left, 1))
    words = _("{share} more") if right > left else _("{share} less")
    return words.format(share=percent(abs(right / left - 1)))


def fills(left: Side, right: Side) -> list[dict[str, Any]]:
    """Rows of the chart of context fills: of the requests in the context."""
    return _points(left, right, lambda rows: [row.context_fill for row in rows], known=in_context)


def sizes(left: Side, right: Side) -> list[dict[str, Any]]:
    """Rows of the chart of prompt tokens."""
    return _points(left, right, lambda rows: [prompt(row) for row in rows])


def costs(left: Side, right: Side) -> list[dict[str, Any]]:
    """Rows of the chart of money spent, summed up over the requests shown; a request without price adds nothing."""
    return _points(left, right, lambda rows: list(accumulate(row.cost_usd or 0.0 for row in rows)))


def by_request(left: Side, right: Side) -> list[dict[str, Any]]:
    """The rows of these three charts as one table: of each number the requests of both sides."""
    lines: dict[int, dict[str, Any]] = {}
    for what, points in (("fill", fills(left, right)), ("prompt", sizes(left, right)), ("usd", costs(left, right))):
        for point in points:
            lines.setdefault(point["number"], {})[f"{point['side']}-{what}"] = point["value"]
    return [{"number": number, **line} for number, line in sorted(lines.items())]


def _points(
    left: Side,
    right: Side,
    values: Callable[[list[LiveRow]], Sequence[float | None]],
    known: Callable[[Sequence[LiveRow]], list[LiveRow]] = list,
) -> list[dict[str, Any]]:
    points = []
    for name, side in (("left", left), ("right", right)):
        shown = {row.id for row in known(side.rows)}
        numbered = [(place, row) for place, row in side.numbered if row.id in shown]
        for (place, _row), value in zip(numbered, values([row for _place, row in numbered]), strict=True):
            points.append({"number": place, "side": name, "name": _(SERIES[name]), "value": value})
    return points


def by_part(points: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `parts` as a table: a line for each part."""
    lines: dict[str, dict[str, Any]] = {}
    for point in points:
        lines.setdefault(point["part"], {"part": point["part"]})[point["side"]] = point["tokens"]
    return list(lines.values())


def parts(left: Side, right: Side) -> list[dict[str, Any]]:
    """Rows of the chart of what the latest prompts are made of: the parts that either has."""
    made = {"left": left.made_of, "right": right.made_of}
    present = [part for part in PARTS if any(found and found.parts.get(part) for found in made.values())]
    return [
        {"part": _(SERIES[part]), "place": place, "side": side, "name": _(SERIES[side]),
         "tokens": found.parts.get(part, 0) if found else 0}
        for place, part in enumerate(present)
        for side, found in made.items()
    ]  # fmt: skip
