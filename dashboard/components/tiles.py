"""The six figures of a session; each says of what it is, and who counted."""

from collections.abc import Sequence

from dashboard.components.tile import Link, Tile, tile_row
from dashboard.data import LiveRow, SessionRow
from dashboard.figures import cache_share, latest_in_context
from dashboard.format import UNKNOWN, percent, tokens, usd
from dashboard.i18n import N_, _, n_

_SOURCES = {"reported": N_("reported"), "logged": N_("logged"), "estimated": N_("estimated")}


def tiles(session: SessionRow, rows: Sequence[LiveRow]) -> None:
    """Without the context fill and the turns, which stand above them."""
    tile_row("tiles", tiles_of(session, rows)[1:-1])


def tiles_of(session: SessionRow, rows: Sequence[LiveRow]) -> tuple[Tile, ...]:
    return (
        _context(session, rows),
        _saved(session),
        _cost(session),
        _cached(session, rows),
        _memory(session),
        _turns(session),
    )


def _context(session: SessionRow, rows: Sequence[LiveRow]) -> Tile:
    last = latest_in_context(rows)
    source = _(_SOURCES.get((last and last.usage_source) or "estimated", "estimated"))
    window = _("The model's context window is not known.")
    if session.context_window:
        window = _("Prompt tokens over a context window of {n} tokens.").format(n=tokens(session.context_window))
    scope = _("latest request · {source}").format(source=source) if session.context_fill is not None else _("not known")
    behind = Link("turn.py", _("That request"), {"id": str(last.id)}) if last else None
    return Tile(_("Context fill"), percent(session.context_fill), scope, window, behind)


def _turns(session: SessionRow) -> Tile:
    n = session.completions
    scope = n_("this session · {n} request", "this session · {n} requests", n).format(n=n)
    about = _("User messages answered; tool calls make more requests.")
    return Tile(_("Turns"), str(session.turns), scope, about, _behind(session, "requests.py", _("Its requests")))


def _cached(session: SessionRow, rows: Sequence[LiveRow]) -> Tile:
    share, counted = cache_share(rows)
    latest = n_("last request · reported", "last {n} requests · reported", counted).format(n=counted)
    scope = latest if counted else _("not reported")
    about = _("Cached tokens over prompt tokens, of the requests whose answer says how many were cached.")
    return Tile(_("From cache"), percent(share), scope, about, _behind(session, "savings.py", _("Its savings")))


def _memory(session: SessionRow) -> Tile:
    scope = _("latest request · estimated") if session.memory_ratio is not None else _("not known")
    about = _("Tokens that memory servers put into the prompt, over all prompt tokens.")
    return Tile(_("Memory ratio"), percent(session.memory_ratio), scope, about,
                _behind(session, "memory.py", _("Its memory")))  # fmt: skip


def _cost(session: SessionRow) -> Tile:
    about = _("Prices of providers.toml, or what the provider itself says; beside it what the same requests would have "
              "cost unchanged, under the same cache.")  # fmt: skip
    amount = usd(session.cost_usd)
    scope = _("this session · {usd} without us").format(usd=usd(session.cost_unmodified_usd))
    if session.unpriced and not session.cost_usd:
        amount, scope = UNKNOWN, _("this session · no price known")
    elif session.unpriced:
        amount, scope = "≥ " + amount, _("this session · {n} without price").format(n=session.unpriced)
    return Tile(_("Cost"), amount, scope, about, _behind(session, "requests.py", _("Cost of each")))


def _saved(session: SessionRow) -> Tile:
    about = _("Tokens kept out of requests by masking and compression, counted before and after by one counter.")
    return Tile(_("Tokens saved"), tokens(session.saved_tokens), _("this session · estimated"), about,
                _behind(session, "masked.py", _("What is masked")))  # fmt: skip


def _behind(session: SessionRow, file: str, label: str) -> Link:
    return Link(file, label, {"of": session.id, "period": "all"})
