"""A figure in a chart's tip that may not be known."""

from dashboard.format import UNKNOWN


def known(field: str, shown: str) -> str:
    """A Vega expression: the field as text, or a dash, where Vega would say "null".

    :param shown: a format of d3's.
    """
    return f"isValid(datum.{field}) ? format(datum.{field}, '{shown}') : '{UNKNOWN}'"
