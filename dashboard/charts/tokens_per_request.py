"""What each request of a session was billed for: two charts, because answers are a hundredth of what goes out."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import colour, lookup
from dashboard.i18n import _

INPUT = ("cached", "fresh")
OUTPUT = ("output", "reasoning")


@ready
def input_per_request() -> Any:
    """Rows: number (of the request in its session), then tokens by each name in INPUT; None where not known."""
    return _stacked(INPUT, height=200)


@ready
def output_per_request() -> Any:
    """Rows: number (of the request in its session), then tokens by each name in OUTPUT; None where not known."""
    return _stacked(OUTPUT, height=150)


def _stacked(parts: tuple[str, ...], height: int) -> Any:
    rank = ", ".join(f"'{key}': {place}" for place, key in enumerate(parts))
    bars = (
        alt.Chart()
        .transform_fold(list(parts), as_=["part", "tokens"])
        .transform_filter("isValid(datum.tokens)")
        .transform_calculate(name=f"{lookup(parts)}[datum.part]", rank=f"{{{rank}}}[datum.part]")
        .mark_bar()
        .encode(
            x=alt.X("number:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("tokens:Q", title=None, axis=alt.Axis(format="~s", tickCount=4)),
            color=colour("part", parts),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("number:O", title=_("Request")),
                alt.Tooltip("name:N", title=_("Kind of tokens")),
                alt.Tooltip("tokens:Q", title=_("Tokens"), format=","),
            ],
        )
    )
    # As the one layer of a layered chart, because above a chart without layers Streamlit's theme leaves a gap.
    return alt.layer(bars).properties(height=height)
