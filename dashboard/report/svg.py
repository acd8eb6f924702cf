"""What the report's charts are drawn with: a frame with its axis, and marks in the colours of the pages' series."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.report.markup import Markup, element, joined

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 760.0, 52.0, 8.0, 8.0, 22.0
TICKS = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """The plane of a chart: `count` places from left to right, `top` at its upper edge, 0 at its lower."""

    count: int
    top: float
    height: float

    def x(self, place: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * place / max(1, self.count)

    def y(self, value: float) -> float:
        return TOP + (self.height - TOP - BOTTOM) * (1 - min(value, self.top) / (self.top or 1))


def picture(title: str, height: float, *marks: str) -> Markup:
    """:param title: read to who does not see the chart."""
    drawn = (element("title", title), *marks)
    return element("svg", *drawn, viewBox=f"0 0 {WIDTH:g} {height:g}", role="img", class_="chart")


def axes(frame: Frame, show: Callable[[float], str], numbers: Sequence[int]) -> Markup:
    """Lines at round values, and the numbers of some of the places."""
    lines = []
    for value in ticks(frame.top):
        y = frame.y(value)
        lines.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"))
        lines.append(element("text", show(value), x=LEFT - 6, y=y + 4, class_="tick end"))
    step = max(1, -(-len(numbers) // 12))
    for place in range(0, len(numbers), step):
        lines.append(
            element("text", str(numbers[place]), x=frame.x(place + 0.5), y=frame.height - 6, class_="tick mid")
        )
    return joined(lines)


def ticks(top: float) -> list[float]:
    """From 0 to at most `top`, in steps of 1, 2 or 5 times a power of ten."""
    if top <= 0:
        return [0.0]
    rough, power = top / TICKS, 1.0
    while power > rough:
        power /= 10
    while power * 10 <= rough:
        power *= 10
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [step * place for place in range(int(top / step + 1e-9) + 1)]


def bar(series: str, x: float, y: float, width: float, height: float, words: str) -> Markup:
    """:param words: shown where the pointer rests."""
    box = {"x": x, "y": y, "width": max(width, 0.0), "height": max(height, 0.0)}
    return element("rect", element("title", words), class_=f"s-{series}", **box)


def legend(names: Sequence[tuple[str, str]]) -> Markup:
    """Of series and their names; in HTML, so that it breaks into lines."""
    keys = [element("li", swatch(series), name) for series, name in names]
    return element("ul", *keys, class_="legend")


def swatch(series: str) -> Markup:
    box = element("rect", x=0, y=0, width=11, height=11, rx=2, class_=f"s-{series}")
    return element("svg", box, viewBox="0 0 11 11", class_="swatch", aria_hidden="true")
