"""Numbers of tables as the page's language writes them.

Streamlit leaves that to the browser, whose language may be another one, and to formats that know English alone. So each
number comes with its text, as a pandas Styler has it: what is sorted and copied is still the number.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.format import number
from dashboard.i18n import _

_PRINTED = re.compile(r"%(?P<sign>\+?)\.(?P<digits>\d)f(?P<end>.*)")
"""The formats of ours that are like those of printf, such as `%+.1f %%`."""


def spelled(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any], unknown: str
) -> tuple[Styler, dict[str, Any]]:
    """The rows with their numbers' texts, and the columns without the formats that would be used instead of these."""
    frame = pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(columns))
    texts: dict[Any, Any] = {name: _text(columns.get(name)) for name in frame.columns}
    plain = {name: _without_format(column) if _is_number(column) else column for name, column in columns.items()}
    return frame.style.format(texts, na_rep=unknown), plain


def _is_number(column: Any) -> bool:
    return isinstance(column, dict) and (column.get("type_config") or {}).get("type") == "number"


def _without_format(column: Mapping[str, Any]) -> dict[str, Any]:
    return {**column, "type_config": {**column["type_config"], "format": None}}


def _text(column: Any) -> Callable[[Any], str]:
    """How a value of this column is written."""
    if not _is_number(column):
        return str
    style = column["type_config"].get("format") or ""
    if style == "dollar":
        return money
    if found := _PRINTED.fullmatch(style):
        end = found["end"].replace("%%", "%")
        return partial(_printed, sign=found["sign"], digits=int(found["digits"]), end=end)
    return number if style == "localized" else _name


def money(amount: float) -> str:
    """Four decimals in each row, so that the figures stand under each other."""
    sign = "-" if amount < 0 else ""
    return sign + _("${n}").format(n=number(abs(amount), 4))


def _printed(value: float, sign: str, digits: int, end: str) -> str:
    return f"{sign if value >= 0 else ''}{number(value, digits)}{end}"


def _name(value: float) -> str:
    """Of a number that is a name, such as a status: whole, and without separators."""
    return f"{value:.0f}"
