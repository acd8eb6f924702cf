"""Counters and histograms with a bounded number of series, and their text for Prometheus.

The format is Prometheus' text exposition format 0.0.4
(https://prometheus.io/docs/instrumenting/exposition_formats/). Labels that would make too many series are counted
together, as OTHER: what clients send as a model's name is no reason to grow for ever.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

MOST_SERIES = 200
"""Of one family."""
MOST_CHARACTERS = 100
"""Of a label's value."""
OTHER = "other"

Values = tuple[str, ...]


class Family(ABC):
    """What is counted under one name, by the values of its labels."""

    kind = "untyped"

    def __init__(self, name: str, help_text: str, labels: Sequence[str] = ()) -> None:
        self.name, self.help_text, self.labels = name, help_text, tuple(labels)

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.help_text}"
        yield f"# TYPE {self.name} {self.kind}"
        yield from self.samples()

    @abstractmethod
    def samples(self) -> Iterator[str]:
        """A line for each series, without its end."""

    def _sample(self, values: Values, value: float, suffix: str = "", extra: str = "") -> str:
        pairs = [f'{label}="{escaped(text)}"' for label, text in zip(self.labels, values, strict=True)]
        within = ",".join([*pairs, extra] if extra else pairs)
        return f"{self.name}{suffix}{{{within}}} {number(value)}" if within else f"{self.name}{suffix} {number(value)}"

    def _bounded(self, values: Values, there: Mapping[Values, object]) -> Values:
        cut = tuple(value[:MOST_CHARACTERS] for value in values)
        return cut if cut in there or len(there) < MOST_SERIES else (OTHER,) * len(values)


class Counter(Family):
    """Only grows."""

    kind = "counter"

    def __init__(self, name: str, help_text: str, labels: Sequence[str] = ()) -> None:
        super().__init__(name, help_text, labels)
        self._series: dict[Values, float] = {}

    def add(self, amount: float | None, *values: str) -> None:
        """None, which is not known, counts nothing and makes no series."""
        if amount is not None:
            key = self._bounded(values, self._series)
            self._series[key] = self._series.get(key, 0.0) + amount

    def samples(self) -> Iterator[str]:
        for values, value in sorted(self._series.items()):
            yield self._sample(values, value)


class Gauge(Family):
    """What is at the moment; set before it is read."""

    kind = "gauge"

    def __init__(self, name: str, help_text: str, labels: Sequence[str] = ()) -> None:
        super().__init__(name, help_text, labels)
        self._series: dict[Values, float] = {}

    def set(self, value: float, *values: str) -> None:
        self._series[self._bounded(values, self._series)] = value

    def samples(self) -> Iterator[str]:
        for values, value in sorted(self._series.items()):
            yield self._sample(values, value)


class Histogram(Family):
    """How often a value was at most so large."""

    kind = "histogram"

    def __init__(self, name: str, help_text: str, labels: Sequence[str], bounds: Sequence[float]) -> None:
        """:param bounds: rising; what is above the last one is counted too."""
        super().__init__(name, help_text, labels)
        self._bounds = tuple(bounds)
        self._series: dict[Values, list[int]] = {}
        self._sums: dict[Values, float] = {}

    def observe(self, value: float | None, *values: str) -> None:
        """None, which is not known, is no observation."""
        if value is None:
            return
        key = self._bounded(values, self._series)
        counts = self._series.setdefault(key, [0] * (len(self._bounds) + 1))
        counts[bisect_left(self._bounds, value)] += 1
        self._sums[key] = self._sums.get(key, 0.0) + value

    def samples(self) -> Iterator[str]:
        names = [*(number(bound) for bound in self._bounds), "+Inf"]
        for values, counts in sorted(self._series.items()):
            for name, count in zip(names, accumulate(counts), strict=True):
                yield self._sample(values, count, "_bucket", f'le="{name}"')
            yield self._sample(values, self._sums[values], "_sum")
            yield self._sample(values, sum(counts), "_count")


def escaped(text: str) -> str:
    """A label's value."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
