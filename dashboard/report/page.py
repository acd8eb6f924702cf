"""The report as one HTML file."""

import tomllib
from base64 import b64encode
from collections.abc import Sequence
from datetime import tzinfo
from functools import cache
from hashlib import sha256
from typing import Any

from dashboard import figures, filling_figures, sums
from dashboard.charts.series import SERIES
from dashboard.charts.tokens_per_request import INPUT, OUTPUT
from dashboard.data import LiveRow
from dashboard.format import UNKNOWN, duration, usd
from dashboard.i18n import _, language
from dashboard.places import DASHBOARD
from dashboard.report import charts, tables
from dashboard.report.gathered import DRAWN, LISTED, Gathered
from dashboard.report.markup import Markup, element, joined
from dashboard.report.tables import clock, count

STYLE = DASHBOARD / "report" / "style.css"
THEME = DASHBOARD / ".streamlit" / "config.toml"


def page(found: Gathered, zone: tzinfo, at_ms: int) -> str:
    """:param at_ms: when it was made. :param zone: of all times in it."""
    style = styles()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    name = found.session.name or _("Unnamed")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", _("{name} · session report").format(name=name)),
        Markup(f"<style>{style}</style>"),
    )
    body = element("body", element("main", _heading(found, name, zone), *_sections(found, zone), _end(zone, at_ms)))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=language())}\n"


@cache
def styles() -> str:
    """With the colours of the pages' series, light and dark: of the theme they are drawn in."""
    theme = tomllib.loads(THEME.read_text(encoding="utf-8"))["theme"]
    scopes = ((":root", theme["light"]), ("@media screen and (prefers-color-scheme: dark) {:root", theme["dark"]))
    rules = []
    for scope, of in scopes:
        hues = zip(SERIES, of["chartCategoricalColors"], strict=False)
        plain = {"back": "backgroundColor", "soft": "secondaryBackgroundColor", "text": "textColor",
                 "edge": "borderColor", "faint": "grayColor", "good": "primaryColor"}  # fmt: skip
        names = [*((name, of[key]) for name, key in plain.items()), *((f"s-{name}", hue) for name, hue in hues)]
        block = ";".join(f"--{name}:{hue}" for name, hue in names)
        rules.append(f"{scope}{{{block}}}{'}' if scope.startswith('@') else ''}")
    rules += [f".s-{name}{{fill:var(--s-{name})}}.l-{name}{{stroke:var(--s-{name})}}" for name in SERIES]
    return "\n".join((*rules, STYLE.read_text(encoding="utf-8")))


def _heading(found: Gathered, name: str, zone: tzinfo) -> Markup:
    session = found.session
    lasted = duration(session.last_seen_ms - session.created_at_ms)
    facts = [
        (_("Period"), f"{clock(session.created_at_ms, zone)} – {clock(session.last_seen_ms, zone)} ({lasted})"),
        (_("Models"), ", ".join(f"{provider}/{model}" for provider, model in found.models) or UNKNOWN),
        (_("Project"), session.project or UNKNOWN),
        (_("Session"), session.id),
    ]
    listed = [joined((element("dt", title), element("dd", value))) for title, value in facts]
    tiles = [
        element("div", element("h3", tile.title), element("p", tile.value, class_="figure"),
                element("p", tile.scope, class_="source"), class_="tile", title=tile.help)
        for tile in found.tiles
    ]  # fmt: skip
    return joined((
        element("p", _("Session report"), class_="kicker"), element("h1", name), element("dl", *listed),
        element("section", *tiles, class_="tiles"),
    ))  # fmt: skip


def _sections(found: Gathered, zone: tzinfo) -> list[Markup]:
    numbered = found.drawn
    last = figures.latest_in_context([row for _number, row in numbered])
    filling = _filling(found, last) if last else []
    largest = found.made_of.largest if found.made_of else ()
    billed: list[dict[str, Any]] = [{"number": number, **figures.billed(row)} for number, row in numbered]
    steps = sums.steps(found.savings)
    latest = _("the latest {n} requests").format(n=len(numbered)) if len(numbered) == DRAWN else _("all requests")
    return [
        _section(_("What fills the context window"), _("latest request · shares estimated"),
                 charts.context_bar(filling) if filling else None),
        _section(_("Largest messages of the latest prompt"), _("tokens as forwarded · estimated"),
                 tables.largest(largest) if largest else None),
        _section(_("Tokens of each request: prompt"), _("{which} · reported, else estimated").format(which=latest),
                 charts.stacked(_("Prompt tokens"), billed, INPUT, 210.0) if billed else None),
        _section(_("Tokens of each request: answer"), _("{which} · reported").format(which=latest),
                 charts.stacked(_("Completion tokens"), billed, OUTPUT, 150.0) if billed else None),
        _section(_("Context window over time"), _("{which} · fill reported, else estimated; memory estimated").format(
                 which=latest), _over_time(found)),
        _section(_("From received to sent"), _("answered requests · estimated, one counter before and after"),
                 charts.lying(_("Prompt tokens"), steps, "step", "start", "end") if steps else None),
        _section(_("Cost, and without us"), _("{n} requests with a price · list prices, or the provider's own").format(
                 n=count(found.savings.priced)), _cost(found)),
        _section(_("Epochs"), _("when what had been sent before was changed · expectations estimated"),
                 tables.epochs(found.epochs, zone) if found.epochs else None),
        _section(_("Compressions"), _("summaries in the place of older messages · tokens estimated"),
                 tables.compressions(found.compressions, zone) if found.compressions else None),
        _section(_("Errors"), _("of the requests below · as the provider said, keys removed"),
                 tables.errors(found.errors, zone) if found.errors else None),
        _section(_("Requests"), _requests_source(found), tables.requests(found.listed, zone) if found.listed else None),
    ]  # fmt: skip


def _section(title: str, source: str, content: Markup | None) -> Markup:
    """:param source: what it is counted over, and by whom."""
    shown = content if content is not None else element("p", _("None."), class_="none")
    return element("section", element("h2", title), element("p", source, class_="source"), shown)


def _filling(found: Gathered, last: LiveRow) -> list[dict[str, Any]]:
    if found.made_of:
        return filling_figures.bars(found.made_of, last.context_fill)
    return filling_figures.coarse_bars(figures.composition(last))


def _over_time(found: Gathered) -> Markup | None:
    rows = [row for _number, row in found.drawn]
    known = {row.id for row in figures.in_context(rows)}
    numbers = [number for number, row in found.drawn if row.id in known]
    shares = [{"number": number, **share} for number, share in zip(numbers, figures.fills(rows), strict=True)]
    return charts.context_over_time(shares) if shares else None


def _cost(found: Gathered) -> Markup | None:
    savings = found.savings
    if not savings.priced:
        return None
    bars: Sequence[tuple[str, str, float]] = (
        ("before", _("Without us"), savings.cost_unmodified_usd),
        ("sent", _("As it was"), savings.cost_usd),
    )
    rows = [{"series": series, "label": f"{words}  {usd(cost)}", "usd": cost} for series, words, cost in bars]
    note = _("Difference: {usd}. Negative where changing a prefix cost more in the provider's cache than it saved.")
    drawn = charts.lying(_("US dollars"), rows, "series", "", "usd")
    return joined((drawn, element("p", note.format(usd=usd(savings.net_usd)), class_="note")))


def _requests_source(found: Gathered) -> str:
    words = _(
        "{n} of {m}, the latest · tokens as the column Counted says, saved tokens estimated · costs are list prices"
    )
    return words.format(n=count(len(found.listed)), m=count(found.session.completions))


def _end(zone: tzinfo, at_ms: int) -> Markup:
    words = _("Made by Kimi Proxy at {time}. All times are of the zone {zone}. At most {n} requests are listed; an "
              "export has all of them.").format(time=clock(at_ms, zone), zone=str(zone), n=count(LISTED))  # fmt: skip
    return element("footer", words)
