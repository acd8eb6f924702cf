"""The report's tables."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from addons.domain.composition import Large
from dashboard import filling_figures
from dashboard.charts.series import SERIES
from dashboard.data import CompressionRow, EpochRow, RequestRow
from dashboard.format import UNKNOWN, duration, number, percent, usd, word
from dashboard.i18n import _
from dashboard.message_figures import DECIDED
from dashboard.report.markup import Markup, element

NUMBER, TIME = "number", "time"
"""Classes of columns in style.css."""
AT = "%Y-%m-%d %H:%M:%S"


class Column(NamedTuple):
    title: str
    show: Callable[[Any], str]
    """Of a row; captured text is escaped where it is put."""
    class_: str = "words"


def table(columns: Sequence[Column], rows: Iterable[object]) -> Markup:
    head = element("tr", *(element("th", column.title, class_=column.class_) for column in columns))
    body = [
        element("tr", *(element("td", column.show(row), class_=column.class_) for column in columns)) for row in rows
    ]
    inside = element("table", element("thead", head), element("tbody", *body))
    return element("div", inside, class_="wide")


def requests(rows: Sequence[RequestRow], zone: tzinfo) -> Markup:
    columns = (
        Column(_("Started"), lambda row: clock(row.started_at_ms, zone), TIME),
        Column(_("Kind"), lambda row: word(row.kind)),
        Column(_("Model"), lambda row: row.model or UNKNOWN),
        Column(_("Outcome"), lambda row: word(row.outcome)),
        Column(_("Prompt"), lambda row: count(_prompt(row)), NUMBER),
        Column(_("Cached"), lambda row: count(row.cached_tokens), NUMBER),
        Column(_("Answer"), lambda row: count(row.completion_tokens), NUMBER),
        Column(_("Counted"), lambda row: word(row.usage_source or "estimated")),
        Column(_("Saved"), lambda row: count(row.masked_tokens_saved + row.compressed_tokens_saved), NUMBER),
        Column(_("Context fill"), lambda row: percent(row.context_fill), NUMBER),
        Column(_("Cost"), lambda row: usd(row.cost_usd), NUMBER),
        Column(_("First byte"), lambda row: duration(row.ttfb_ms), NUMBER),
        Column(_("Duration"), lambda row: duration(row.duration_ms), NUMBER),
    )
    return table(columns, rows)


def errors(rows: Sequence[RequestRow], zone: tzinfo) -> Markup:
    columns = (
        Column(_("Started"), lambda row: clock(row.started_at_ms, zone), TIME),
        Column(_("Model"), lambda row: row.model or UNKNOWN),
        Column(_("Outcome"), lambda row: word(row.outcome)),
        Column(_("Error"), lambda row: word(row.error_class) or UNKNOWN),
        Column(_("Status"), lambda row: UNKNOWN if row.status is None else str(row.status), NUMBER),
        Column(_("What was said"), lambda row: row.error_message or UNKNOWN),
    )
    return table(columns, rows)


def epochs(rows: Sequence[EpochRow], zone: tzinfo) -> Markup:
    columns = (
        Column(_("At"), lambda row: clock(row.at_ms, zone), TIME),
        Column(_("Reason"), lambda row: word(row.reason)),
        Column(_("Messages"), lambda row: count(row.messages), NUMBER),
        Column(_("Saved a request"), lambda row: count(row.saved_tokens), NUMBER),
        Column(_("Expected gain"), lambda row: count(row.gain_tokens), NUMBER),
        Column(_("Expected loss"), lambda row: count(row.loss_tokens), NUMBER),
        Column(_("Requests since"), lambda row: count(row.requests), NUMBER),
        Column(_("Net since"), lambda row: usd(row.net_usd), NUMBER),
    )
    return table(columns, rows)


def compressions(rows: Sequence[CompressionRow], zone: tzinfo) -> Markup:
    columns = (
        Column(_("At"), lambda row: clock(row.summary.created_at_ms, zone), TIME),
        Column(_("Trigger"), lambda row: word(str(row.summary.trigger))),
        Column(_("Written by"), lambda row: row.summary.writer),
        Column(_("Messages"), lambda row: count(row.summary.messages), NUMBER),
        Column(_("Tokens before"), lambda row: count(row.summary.tokens_before), NUMBER),
        Column(_("Tokens after"), lambda row: count(row.summary.tokens_after), NUMBER),
        Column(_("Cost"), lambda row: usd(row.summary.cost_usd), NUMBER),
    )
    return table(columns, rows)


def largest(rows: Sequence[Large]) -> Markup:
    columns = (
        Column(_("Message"), lambda row: filling_figures.place(row.index)),
        Column(_("Role"), lambda row: row.role),
        Column(_("Tool"), lambda row: row.tool or UNKNOWN),
        Column(_("Mostly"), lambda row: _(SERIES.get(row.what, row.what))),
        Column(_("Tokens"), lambda row: count(row.tokens), NUMBER),
        Column(_("Decision"), lambda row: _(DECIDED.get(row.advice, ""))),
    )
    return table(columns, rows)


def count(amount: int | None) -> str:
    return UNKNOWN if amount is None else number(amount)


def clock(at_ms: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(at_ms / 1_000, zone).strftime(AT)


def _prompt(row: RequestRow) -> int | None:
    return row.prompt_tokens_sent if row.prompt_tokens is None else row.prompt_tokens
