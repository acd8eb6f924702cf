"""Prometheus' text format, and the bound on what it can grow to."""

import re

import pytest

from addons.domain.metrics.families import MOST_SERIES, OTHER, Counter, Gauge, Histogram, escaped, number


def test_a_counter_is_written_as_prometheus_reads_it() -> None:
    counter = Counter("kimi_x_total", "Things.", ("provider", "model"))
    counter.add(1, "groq", "a/b")
    counter.add(2.5, "groq", "a/b")
    counter.add(None, "groq", "never")
    assert list(counter.lines()) == [
        "# HELP kimi_x_total Things.",
        "# TYPE kimi_x_total counter",
        'kimi_x_total{provider="groq",model="a/b"} 3.5',
    ]


def test_a_family_without_labels_has_no_braces() -> None:
    gauge = Gauge("kimi_now", "Now.")
    gauge.set(3)
    gauge.set(4)
    assert list(gauge.samples()) == ["kimi_now 4"]


def test_buckets_count_up_and_end_with_all() -> None:
    histogram = Histogram("kimi_s", "Seconds.", ("p",), (0.1, 1.0))
    for value in (0.1, 0.5, 30.0, None):
        histogram.observe(value, "x")
    assert list(histogram.samples()) == [
        'kimi_s_bucket{p="x",le="0.1"} 1',
        'kimi_s_bucket{p="x",le="1"} 2',
        'kimi_s_bucket{p="x",le="+Inf"} 3',
        'kimi_s_sum{p="x"} 30.6',
        'kimi_s_count{p="x"} 3',
    ]


def test_what_clients_invent_does_not_grow_for_ever() -> None:
    counter = Counter("kimi_x_total", "Things.", ("model",))
    for invented in range(10 * MOST_SERIES):
        counter.add(1, f"model-{invented}")
    samples = list(counter.samples())
    assert len(samples) == MOST_SERIES + 1
    assert f'kimi_x_total{{model="{OTHER}"}} {9 * MOST_SERIES}' in samples
    counter.add(1, "model-0")
    assert 'kimi_x_total{model="model-0"} 2' in list(counter.samples())


@pytest.mark.parametrize("value", ['a"b', "a\\b", "a\nb", 'a\\"\n'])
def test_a_label_cannot_break_out_of_its_quotes(value: str) -> None:
    assert re.fullmatch(r'(?:[^"\\\n]|\\["\\n])*', escaped(value))


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (0.25, "0.25"), (1e-9, "1e-09"), (10**15, "1" + "0" * 15)])
def test_numbers_are_short_and_exact(value: float, text: str) -> None:
    assert number(value) == text and float(text) == value
