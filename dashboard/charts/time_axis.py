"""The axis of moments, in the person's time zone."""

import altair as alt


def time_axis() -> alt.Axis:
    """Vega's own labels leave the day out where a tick is not at midnight, which it rarely is in every time zone."""
    label = "timeFormat(datum.value, hours(datum.value) || minutes(datum.value) ? '%d %b %H:%M' : '%d %b')"
    return alt.Axis(labelExpr=label, labelOverlap=True, grid=False, tickCount=5)
