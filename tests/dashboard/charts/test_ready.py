import json
from collections.abc import Callable

import pytest

from dashboard.charts.cache_share import cache_share
from dashboard.charts.context_bar import coarse_context_bar, context_bar
from dashboard.charts.context_over_time import context_over_time
from dashboard.charts.estimates_over_time import estimates_over_time
from dashboard.charts.net_over_time import net_over_time
from dashboard.charts.ready import Spec
from dashboard.charts.sides import costs_of_sides, fills_of_sides, parts_of_sides, sizes_of_sides
from dashboard.charts.timings import timings
from dashboard.charts.tokens_per_request import input_per_request, output_per_request
from dashboard.charts.waterfall import waterfall

CHARTS = [
    cache_share, coarse_context_bar, context_bar, context_over_time, estimates_over_time, input_per_request,
    net_over_time, output_per_request, timings, waterfall, costs_of_sides, fills_of_sides, parts_of_sides,
    sizes_of_sides,
]  # fmt: skip


@pytest.mark.parametrize("chart", CHARTS)
def test_no_named_data_hides_the_rows(chart: Callable[[], Spec]) -> None:
    text = json.dumps(chart())
    assert '"datasets"' not in text
    assert '"data": {"name"' not in text
    assert '"url"' not in text


@pytest.mark.parametrize("chart", CHARTS)
def test_a_mark_without_a_tip_shows_none(chart: Callable[[], Spec]) -> None:
    assert chart()["config"]["mark"] == {"tooltip": None}


@pytest.mark.parametrize("chart", CHARTS)
def test_each_call_gives_an_equal_spec_of_its_own(chart: Callable[[], Spec]) -> None:
    first = chart()
    text = json.dumps(first)
    first["usermeta"].clear()
    first["$schema"] = "changed by Streamlit"
    assert json.dumps(chart()) == text


def test_inline_values_stay() -> None:
    marks = context_bar()["layer"][2]
    assert [value["at"] for value in marks["data"]["values"]] == [0.8, 0.9, 0.95]
