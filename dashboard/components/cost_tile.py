"""What a selection cost, and would have cost without us; with what is not known said."""

from dashboard.components.tile import Link, Tile
from dashboard.data import SessionSums, Used
from dashboard.format import UNKNOWN, tokens, usd
from dashboard.i18n import _, n_


def cost_tile(found: SessionSums | Used, scope: str, link: Link | None = None) -> Tile:
    """:param scope: what it is counted over, in our own words."""
    about = _("Prices of providers.toml, or what the provider itself says; beside it what the same requests would have "
              "cost unchanged, under the same cache.")  # fmt: skip
    amount = usd(found.cost_usd)
    words = _("{scope} · {usd} without us").format(scope=scope, usd=usd(found.cost_unmodified_usd))
    if found.unpriced and not found.cost_usd:
        amount, words = UNKNOWN, _("{scope} · no price known").format(scope=scope)
    elif found.unpriced:
        words = n_("{scope} · {usd} without us, {n} request without price",
                   "{scope} · {usd} without us, {n} requests without price", found.unpriced).format(
                       scope=scope, usd="≥ " + usd(found.cost_unmodified_usd), n=tokens(found.unpriced))  # fmt: skip
        amount = "≥ " + amount
    return Tile(_("Cost"), amount, words, about, link)
