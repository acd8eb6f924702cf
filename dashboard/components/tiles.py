"""The six figures on top of the session page; each says of what it is, and who counted."""

from collections.abc import Sequence

from dashboard.components.tile import Tile, tile_row
from dashboard.data import LiveRow, SessionRow
from dashboard.figures import cache_share, latest_in_context
from dashboard.format import UNKNOWN, percent, tokens, usd
from dashboard.i18n import N_, _

_SOURCES = {"reported": N_("reported"), "logged": N_("logged"), "estimated": N_("estimated")}


def tiles(session: SessionRow, rows: Sequence[LiveRow]) -> None:
    tile_row("tiles", tiles_of(session, rows))


def tiles_of(session: SessionRow, rows: Sequence[LiveRow]) -> tuple[Tile, ...]:
    return (_context(session, rows), _turns(session), _cached(rows), _memory(session), _cost(session), _saved(session))


def _context(session: SessionRow, rows: Sequence[LiveRow]) -> Tile:
    last = latest_in_context(rows)
    source = _(_SOURCES.get((last and last.usage_source) or "estimated", "estimated"))
    window = _("The model's context window is not known.")
    if session.context_window:
        window = _("Prompt tokens over a context window of {n} tokens.").format(n=tokens(session.context_window))
    scope = _("latest request · {source}").format(source=source) if session.context_fill is not None else _("not known")
    return Tile(_("Context fill"), percent(session.context_fill), scope, window)


def _turns(session: SessionRow) -> Tile:
    scope = _("this session · {n} requests").format(n=session.completions)
    return Tile(_("Turns"), str(session.turns), scope, _("User messages answered; tool calls make more requests."))


def _cached(rows: Sequence[LiveRow]) -> Tile:
    share, counted = cache_share(rows)
    scope = _("last {n} requests · reported").format(n=counted) if counted else _("not reported")
    about = _("Cached tokens over prompt tokens, of the requests whose answer says how many were cached.")
    return Tile(_("From cache"), percent(share), scope, about)


def _memory(session: SessionRow) -> Tile:
    scope = _("latest request · estimated") if session.memory_ratio is not None else _("not known")
    about = _("Tokens that memory servers put into the prompt, over all prompt tokens.")
    return Tile(_("Memory ratio"), percent(session.memory_ratio), scope, about)


def _cost(session: SessionRow) -> Tile:
    about = _("Prices of providers.toml, or what the provider itself says.")
    if session.unpriced and not session.cost_usd:
        return Tile(_("Cost"), UNKNOWN, _("this session · no price known"), about)
    if session.unpriced:
        scope = _("this session · {n} without price").format(n=session.unpriced)
        return Tile(_("Cost"), "≥ " + usd(session.cost_usd), scope, about)
    return Tile(_("Cost"), usd(session.cost_usd), _("this session · list prices"), about)


def _saved(session: SessionRow) -> Tile:
    about = _("Tokens kept out of requests by masking and compression, counted before and after by one counter.")
    return Tile(_("Tokens saved"), tokens(session.saved_tokens), _("this session · estimated"), about)
