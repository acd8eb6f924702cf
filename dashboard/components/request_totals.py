"""What the requests of a table come to, all of its pages together. What cannot be added up soon is not shown."""

from collections.abc import Iterator

from dashboard.components.behind import savings_behind, usage_behind
from dashboard.components.cost_tile import cost_tile
from dashboard.components.tile import Link, Tile, tile_row
from dashboard.data import COUNT_LIMIT, Kept, RequestFilter, RequestSums, Used
from dashboard.format import number, percent, tokens
from dashboard.i18n import _, n_


def request_totals(found: RequestSums, wanted: RequestFilter) -> None:
    tiles = [_requests(found)]
    if found.used:
        tiles += [_tokens(found.used), cost_tile(found.used, _("this period"), _to_usage(wanted))]
    if found.kept:
        tiles += _kept(found.kept, wanted)
    tile_row("request-totals", tiles)


def _requests(found: RequestSums) -> Tile:
    about = _("All that the filters leave, answered or not.")
    if found.used is None:
        scope = _("this period · too many to add up by these filters; a shorter period has all figures")
        return Tile(_("Requests"), "≥ " + number(COUNT_LIMIT), scope, about)
    errors = found.used.errors
    scope = n_("this period · {n} error", "this period · {n} errors", errors).format(n=tokens(errors))
    return Tile(_("Requests"), tokens(found.requests), scope, about)


def _tokens(used: Used) -> Tile:
    scope = _("{n} prompt · {m} completion").format(n=tokens(used.prompt_tokens), m=tokens(used.completion_tokens))
    about = _("This period. As reported by the providers, else estimated; reasoning tokens included.")
    return Tile(_("Tokens"), tokens(used.tokens), scope, about)


def _kept(kept: Kept, wanted: RequestFilter) -> Iterator[Tile]:
    out = kept.before_tokens - kept.sent_tokens
    share = percent(out / kept.before_tokens if kept.before_tokens else None)
    yield Tile(_("Tokens kept out"), tokens(out),
               _("{share} of what was received · estimated").format(share=share),
               _("By masking and compression, in all answered requests together."), _to_savings(wanted))  # fmt: skip
    reported = kept.reported_tokens
    yield Tile(_("From cache"), percent(kept.cached_tokens / reported if reported else None),
               _("this period · reported") if reported else _("not reported"),
               _("Cached tokens over prompt tokens, of the requests whose answer says how many were "
                 "cached."))  # fmt: skip


def _to_usage(wanted: RequestFilter) -> Link | None:
    """Of the same requests, where that page can choose them."""
    if wanted.session_id or _is_finer(wanted):
        return None
    return usage_behind(wanted, _("Their usage"))


def _to_savings(wanted: RequestFilter) -> Link | None:
    """Likewise."""
    if _is_finer(wanted):
        return None
    return savings_behind(wanted, _("Their savings"))


def _is_finer(wanted: RequestFilter) -> bool:
    """By what no other page chooses."""
    return bool(wanted.kind or wanted.outcome or wanted.user or wanted.proxy_id)
