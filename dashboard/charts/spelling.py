"""How a language writes numbers and moments on a chart's axes and in its tips, as Vega's `config.locale` has it.

Babel knows it from Unicode's CLDR: https://cldr.unicode.org. The shape is d3's: https://d3js.org/d3-format#formatLocale.
"""

from typing import Any

from babel import Locale


def spelling(language: str) -> dict[str, Any]:
    locale = Locale.parse(language)
    symbols = locale.number_symbols["latn"]
    months, days = locale.months["stand-alone"], locale.days["format"]
    week = [6, 0, 1, 2, 3, 4, 5]  # d3's begins with Sunday, Babel's with Monday
    return {
        "number": {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", "\N{NO-BREAK SPACE}$"],
            "percent": "\N{NARROW NO-BREAK SPACE}%",
        },
        "time": {
            "dateTime": "%A %e %B %Y %X",
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days["wide"][day] for day in week],
            "shortDays": [days["abbreviated"][day] for day in week],
            "months": [months["wide"][month] for month in range(1, 13)],
            "shortMonths": [locale.months["format"]["abbreviated"][month] for month in range(1, 13)],
        },
    }
