"""What the sessions of a list come to, all of its pages together."""

from dashboard.components.cost_tile import cost_tile
from dashboard.components.tile import Tile, tile_row
from dashboard.data import SessionSums
from dashboard.format import number, percent, tokens
from dashboard.i18n import _, n_


def session_totals(found: SessionSums) -> None:
    whole = _("whole sessions")
    failed = n_("whole sessions · {n} error", "whole sessions · {n} errors", found.errors)
    unchanged = found.prompt_tokens + found.saved_tokens
    share = percent(found.saved_tokens / unchanged if unchanged else None)
    tile_row("session-totals", [
        Tile(_("Sessions"), number(found.sessions), _("last active in this period"),
             _("All that the filters leave. The figures beside it are of whole sessions, also of what they did before "
               "the period.")),
        Tile(_("Requests"), tokens(found.completions),
             failed.format(n=tokens(found.errors)),
             _("All that went through the proxy, answered or not.")),
        cost_tile(found, whole),
        Tile(_("Tokens saved"), tokens(found.saved_tokens),
             _("whole sessions · {share} of their prompts · estimated").format(share=share),
             _("Tokens kept out of requests by masking and compression, counted before and after by one counter. The "
               "share is of prompt tokens and these together.")),
        Tile(_("Prompt tokens"), tokens(found.prompt_tokens),
             _("whole sessions · {n} generated").format(n=tokens(found.completion_tokens)),
             _("As reported by the providers, else estimated.")),
    ])  # fmt: skip
