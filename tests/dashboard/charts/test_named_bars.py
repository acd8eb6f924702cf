import altair as alt

from dashboard.charts.named_bars import named_bars
from dashboard.charts.series import SERIES


def test_bars_begin_at_0_or_where_they_are_told() -> None:
    lying = named_bars("usd", alt.Axis(), "series", [], height=100).to_dict()["layer"][0]["encoding"]
    hanging = named_bars("start", alt.Axis(), "step", [], height=100, end="end").to_dict()["layer"][0]["encoding"]
    assert "x2" not in lying
    assert (hanging["x"]["field"], hanging["x2"]["field"]) == ("start", "end")
    assert lying["color"]["scale"]["domain"] == list(SERIES)
