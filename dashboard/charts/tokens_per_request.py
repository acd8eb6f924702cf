"""What each request of a session was billed for."""

from typing import Any

import altair as alt

from dashboard.charts.ready import ready
from dashboard.charts.series import SERIES, TOKENS, colour
from dashboard.i18n import _


@ready
def tokens_per_request() -> Any:
    """Rows: number (of the request in its session), then tokens by each name in TOKENS; None where not known."""
    names = ", ".join(f"'{key}': '{SERIES[key]}'" for key in TOKENS)
    rank = ", ".join(f"'{key}': {place}" for place, key in enumerate(TOKENS))
    return (
        alt.Chart()
        .transform_fold(list(TOKENS), as_=["part", "tokens"])
        .transform_filter("isValid(datum.tokens)")
        .transform_calculate(name=f"{{{names}}}[datum.part]", rank=f"{{{rank}}}[datum.part]")
        .mark_bar()
        .encode(
            x=alt.X("number:O", title=_("Request of this session"), axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("tokens:Q", title=_("Tokens"), axis=alt.Axis(format="~s", tickCount=5)),
            color=colour("part", TOKENS),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("number:O", title=_("Request")),
                alt.Tooltip("name:N", title=_("Kind of tokens")),
                alt.Tooltip("tokens:Q", title=_("Tokens"), format=","),
            ],
        )
        .properties(height=260)
    )
