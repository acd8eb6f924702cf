"""The report's charts, from the rows that the pages' charts have."""

from collections.abc import Sequence
from typing import Any

from dashboard.charts.context_bar import MARKS
from dashboard.charts.series import SERIES
from dashboard.format import percent, tokens
from dashboard.i18n import _
from dashboard.report.markup import Markup, element, joined
from dashboard.report.svg import LEFT, RIGHT, TOP, WIDTH, Frame, axes, bar, legend, picture

Rows = Sequence[dict[str, Any]]

BAR_HEIGHT, ROW_HEIGHT = 26.0, 34.0
LABELS = 190.0
"""Width of the names beside bars that lie."""
MARK_NAMES = ("near", "high", "full")


def context_bar(rows: Rows) -> Markup:
    """Rows: part, name, start and end (0..1 of the window), top and bottom (0..1 of the bar), tokens."""

    def x(share: float) -> float:
        return 4 + (WIDTH - 8) * min(share, 1.0)

    track = element("rect", x=4, y=TOP, width=WIDTH - 8, height=BAR_HEIGHT, rx=3, class_="track")
    parts = [
        bar(row["part"], x(row["start"]), TOP + row["top"] * BAR_HEIGHT, x(row["end"]) - x(row["start"]),
            (row["bottom"] - row["top"]) * BAR_HEIGHT, f"{row['name']}: {tokens(row['tokens'])}")
        for row in rows
    ]  # fmt: skip
    marks = [
        joined((
            element("line", x1=x(at), x2=x(at), y1=TOP - 4, y2=TOP + BAR_HEIGHT + 4, class_=f"mark {name}"),
            element("text", percent(at), x=x(at), y=TOP + BAR_HEIGHT + 18, class_="tick mid"),
        ))
        for at, name in zip(MARKS, MARK_NAMES, strict=True)
    ]  # fmt: skip
    names = [(row["part"], f"{row['name']} {tokens(row['tokens'])}") for row in rows if row["tokens"]]
    return joined((picture(_("What fills the context window"), 62.0, track, *parts, *marks), legend(names)))


def stacked(title: str, rows: Rows, parts: Sequence[str], height: float) -> Markup:
    """Rows: number, then tokens by each of the parts; None where not known."""
    top = max((sum(row[part] or 0 for part in parts) for row in rows), default=0)
    frame = Frame(len(rows), float(top), height)
    width = (frame.x(1) - frame.x(0)) * 0.86
    bars = []
    for place, row in enumerate(rows):
        low = 0
        for part in parts:
            if amount := row[part]:
                words = f"{row['number']} · {_(SERIES[part])}: {amount:,}"
                y = frame.y(low + amount)
                bars.append(bar(part, frame.x(place + 0.07), y, width, frame.y(low) - y, words))
                low += amount
    shown = axes(frame, lambda value: tokens(round(value)), [row["number"] for row in rows])
    return joined((legend([(part, _(SERIES[part])) for part in parts]), picture(title, height, shown, *bars)))


def context_over_time(rows: Rows, height: float = 230.0) -> Markup:
    """Rows: number, fill and memory (0..1 or None), changed, compressed."""
    frame = Frame(len(rows), max(1.0, *(row["fill"] for row in rows)), height)
    fill = [(frame.x(place + 0.5), frame.y(row["fill"])) for place, row in enumerate(rows)]
    memory = [(frame.x(place + 0.5), frame.y(row["memory"] or 0.0)) for place, row in enumerate(rows)]
    marks = [
        element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=frame.y(at), y2=frame.y(at), class_=f"mark dashed {name}")
        for at, name in zip(MARKS, MARK_NAMES, strict=True)
    ]
    points = []
    for (x, y), row in zip(fill, rows, strict=True):
        kind = "compressed" if row["compressed"] else "changed" if row["changed"] else ""
        words = element("title", f"{row['number']} · {percent(row['fill'])}")
        points.append(element("circle", words, cx=x, cy=y, r=5.0 if kind else 2.2, class_=f"point {kind}".rstrip()))
    names = [("history", _("Context fill")), ("memory", _("Memory")), ("compressed", _("Compression")),
             ("fresh", _("Another change of what had been sent"))]  # fmt: skip
    shown = axes(frame, percent, [row["number"] for row in rows])
    drawn = (shown, _area("history", fill, frame), _area("memory", memory, frame), *marks, *points)
    return joined((legend(names), picture(_("Context fill at each request"), height, *drawn)))


def _area(series: str, line: Sequence[tuple[float, float]], frame: Frame) -> Markup:
    path = " L".join(f"{x:.1f} {y:.1f}" for x, y in line)
    floor = frame.y(0)
    under = element("path", d=f"M{line[0][0]:.1f} {floor:.1f} L{path} L{line[-1][0]:.1f} {floor:.1f}Z",
                    class_=f"area s-{series}")  # fmt: skip
    return joined((under, element("path", d=f"M{path}", class_=f"line l-{series}")))


def lying(title: str, rows: Rows, series: str, low: str, high: str) -> Markup:
    """One bar a row, from `low` to `high`, beside its `label`. Rows as the pages' waterfall has them."""
    most = max((float(row[high]) for row in rows), default=0.0) or 1.0

    def x(value: float) -> float:
        return LABELS + (WIDTH - LABELS - RIGHT) * value / most

    marks = []
    for place, row in enumerate(rows):
        y, start = TOP + place * ROW_HEIGHT, x(float(row[low])) if low else LABELS
        marks.append(element("text", row["label"], x=LABELS - 10, y=y + 17, class_="name end"))
        marks.append(bar(row[series], start, y, max(x(float(row[high])) - start, 1.0), ROW_HEIGHT - 10, row["label"]))
    return picture(title, TOP * 2 + ROW_HEIGHT * len(rows) - 10, *marks)
