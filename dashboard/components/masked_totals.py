"""What the originals of a table come to, all of its pages together. What cannot be added up soon is not shown."""

from dashboard import data, sums
from dashboard.components.behind import savings_behind
from dashboard.components.tile import Tile, tile_row
from dashboard.data import COUNT_LIMIT, Digested, MaskedFilter, MaskedSums, SavingsFilter
from dashboard.format import number, percent, tokens
from dashboard.i18n import _, n_


def masked_totals(found: MaskedSums, wanted: MaskedFilter) -> None:
    tiles = [_originals(found)]
    if found.digested:
        tiles += _digests(found.digested)
    if not wanted.kind:  # requests do not say what kind of content was masked in them
        tiles.append(_kept_out(wanted))
    tile_row("masked-totals", tiles)


def _originals(found: MaskedSums) -> Tile:
    most = found.originals > COUNT_LIMIT
    value = "≥ " + number(COUNT_LIMIT) if most else number(found.originals)
    scope = _("first masked in this period · too many to add up; a shorter period has all figures")
    if found.digested:
        n = found.digested.sessions
        scope = n_("first masked in this period, in {n} session", "first masked in this period, in {n} sessions", n)
        scope = scope.format(n=number(n))
    return Tile(_("Originals"), value, scope, _("All that the filters leave, each once for every session that has it."))


def _digests(found: Digested) -> list[Tile]:
    saved = found.before_tokens - found.after_tokens
    share = percent(saved / found.before_tokens if found.before_tokens else None)
    return [
        Tile(_("Tokens taken out"), tokens(found.before_tokens), _("these originals · estimated"),
             _("In the place of pieces of messages; each message that holds one counts once, where its digest is still "
               "recorded.")),
        Tile(_("Still there as digests"), tokens(found.after_tokens), _("these originals · estimated"),
             _("What is sent in their place, so that the model knows what was there and can ask for it.")),
        Tile(_("Saved each time"), tokens(saved), _("{share} of what they were · estimated").format(share=share),
             _("Whenever their sessions send these messages once more.")),
    ]  # fmt: skip


def _kept_out(wanted: MaskedFilter) -> Tile:
    asked = SavingsFilter(since_ms=wanted.since_ms, provider=wanted.provider, session_id=wanted.session_id)
    found = sums.total(data.savings_by_provider(asked))
    share = percent(found.masked_tokens / found.before_tokens if found.before_tokens else None)
    return Tile(_("Kept out by masking"), tokens(found.masked_tokens),
                _("{share} of what was received in this period · estimated").format(share=share),
                _("In all answered requests of the period together: what is masked counts in each request that was "
                  "sent without it."), savings_behind(wanted, _("Their savings")))  # fmt: skip
