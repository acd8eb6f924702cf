"""`./just prices`: what each model costs by providers.toml, who says so, and how old that is."""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from addons.domain.errors import UserError
from addons.domain.settings import Model, Price, Settings
from addons.services import settings_files

OLD_DAYS = 180
"""Providers change their prices several times a year; older ones are marked."""


FILE_WIDTH = 140
"""Columns where there is no terminal: nothing is folded."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--provider", metavar="KEY", help="this provider's models alone")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: Namespace) -> int:
    rows = list(price_rows(settings_files.load(os.environ), args.provider, date.today()))
    if args.json:
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        Console(width=None if sys.stdout.isatty() else FILE_WIDTH).print(_table(rows))
    return 0


def price_rows(settings: Settings, provider: str | None, today: date) -> Iterator[dict[str, Any]]:
    """One row for each model, and one more for its price over 200000 prompt tokens. Prices: US dollars for one million
    tokens; None: not known.

    :raises UserError: if there is no such provider.
    """
    if provider is not None and provider not in settings.providers:
        raise UserError(f"--provider is {provider!r}; expected one of: {', '.join(sorted(settings.providers))}")
    for key in settings.providers if provider is None else (provider,):
        for model_id, model in settings.providers[key].models.items():
            yield _row(key, model_id, model, model.price, None, today)
            if model.price_over_200k is not None:
                yield _row(key, model_id, model, model.price_over_200k, 200_000, today)


def _row(provider: str, model_id: str, model: Model, price: Price, over: int | None, today: date) -> dict[str, Any]:
    day = model.price_date
    return {
        "provider": provider,
        "model": model_id,
        "context_window": model.context_window,
        "prompt_tokens_over": over,
        "input_usd_per_million": price.input,
        "cached_usd_per_million": price.cached,
        "output_usd_per_million": price.output,
        "source": model.price_source or None,
        "date": day.isoformat() if day else None,
        "age_days": (today - day).days if day else None,
        "note": model.note or None,
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, caption="US dollars for one million tokens; empty: not known", pad_edge=False)
    table.add_column("model", overflow="fold", min_width=20, ratio=1)
    for column in ("input", "cached", "output"):
        table.add_column(column, justify="right", no_wrap=True, min_width=6)
    table.add_column("source and date", max_width=15)
    table.add_column("age", justify="right", no_wrap=True, min_width=5)
    for provider, models in groupby(rows, key=itemgetter("provider")):
        table.add_section()
        table.add_row(f"[bold]{provider}[/]")
        for row in models:
            table.add_row(*_cells(row))
    return table


def _cells(row: dict[str, Any]) -> Iterator[str]:
    over = row["prompt_tokens_over"]
    yield "  " + escape(row["model"]) + (f", prompt over {over}" if over else "")
    for price in ("input", "cached", "output"):
        usd = row[f"{price}_usd_per_million"]
        yield "" if usd is None else format(usd, "g")
    yield escape(" ".join(filter(None, (row["source"], row["date"]))))
    age = row["age_days"]
    yield "" if age is None else f"[yellow]{age} d[/]" if age > OLD_DAYS else f"{age} d"
