"""The messages of one request as rows of a table: same lines, same rows. No Streamlit, no clock."""

from collections.abc import Iterable, Sequence
from typing import Any

from addons.domain.composition import IN_USE, LARGEST, MASKED, STALE, STAYS, WORDS
from addons.domain.decisions import Action
from addons.domain.message_lines import Line
from addons.domain.message_list import Piece
from addons.domain.messages import Role
from addons.domain.shares import ASSISTANT, PARTS, SYSTEM
from dashboard.charts.series import SERIES
from dashboard.excerpts import sendable
from dashboard.format import tokens, word
from dashboard.i18n import N_, _

DIGITS = 12
"""Of a message's digest that are shown; it has 32."""
DECIDED = {
    MASKED: N_("masked"),
    STALE: N_("kept · the model has used it"),
    IN_USE: N_("kept · in use"),
    WORDS: N_("kept · your own words"),
    STAYS: N_("kept"),
}


def rows(shown: Sequence[Line], every: Sequence[Line]) -> list[dict[str, Any]]:
    """`shown`: those of all lines that pass the filter; shares and ranks are among all."""
    total, ranks = sum(line.after or 0 for line in every), _ranks(every)
    return [_row(line, total, ranks.get(id(line))) for line in shown]


def _row(line: Line, total: int, rank: int | None) -> dict[str, Any]:
    return {
        "place": line.index + 1 if line.index is not None and line.index >= 0 else None,
        "part": _(SERIES[main(line)]) if line.pieces else "",
        "tool": sendable(tool_of(line)),
        "tokens": line.after,
        "done": done(line),
        "saved": line.saved or None,
        "share": 100 * line.after / total if line.after is not None and total else None,
        "rank": rank,
        "new": _("new") if line.is_new else "",
        "also": also(line),
        "role": word(line.role or ""),
        "digest": line.key[:DIGITS],
    }


def _ranks(every: Iterable[Line]) -> dict[int, int]:
    """Of the largest, from 1, by the identity of the line."""
    largest = sorted((line for line in every if line.after), key=lambda line: -(line.after or 0))[:LARGEST]
    return {id(line): rank for rank, line in enumerate(largest, 1)}


def main(line: Line) -> str:
    """What it is for the most part; a system message is one, whatever the client put into it."""
    return SYSTEM if line.role is Role.SYSTEM else line.pieces[0].part


def tool_of(line: Line) -> str:
    return next((piece.tool for piece in line.pieces if piece.tool), "")


def done(line: Line) -> str:
    """What was, or could be, done about it."""
    if line.action is Action.SUMMARISED:
        return _("a summary stands for it") if line.index is not None else _("stands for older messages")
    return _(DECIDED.get(line.advice, "")) if line.is_known else _("not known any more")


def also(line: Line) -> str:
    """What else is in it, as received."""
    if line.index is None and line.pieces[0].part == ASSISTANT:
        return _("opens the answer")
    return " · ".join(
        _("{part} {n}").format(part=_(SERIES[piece.part]), n=tokens(piece.tokens)) for piece in _others(line)
    )


def _others(line: Line) -> list[Piece]:
    if line.role is Role.SYSTEM:
        return [piece for piece in line.pieces if piece.part != SYSTEM]
    return list(line.pieces[1:])


def parts(every: Iterable[Line]) -> list[str]:
    """What there is to filter by, in the usual order."""
    found = {piece.part for line in every for piece in line.pieces}
    return [part for part in PARTS if part in found]


def of_part(every: Iterable[Line], part: str) -> list[Line]:
    """All of them where it is ""."""
    return [line for line in every if not part or any(piece.part == part for piece in line.pieces)]


SENT, NEW = "sent", "new"
CHOICES = {
    SENT: N_("What was forwarded"),
    NEW: N_("New in this request"),
    Action.MASK: N_("Masked"),
    Action.SUMMARISED: N_("What a summary stands for"),
}
"""What to see of the messages, beside all of them."""


def choices(every: Sequence[Line]) -> list[str]:
    """Those that leave something out, and something over."""
    return [name for name in CHOICES if 0 < len(chosen(every, name)) < len(every)]


def chosen(every: Sequence[Line], name: str) -> list[Line]:
    """All of them where it is ""."""
    return [line for line in every if _is(line, name)]


def _is(line: Line, name: str) -> bool:
    if name == SENT:
        return line.after != 0
    if name == Action.SUMMARISED:
        return line.action is Action.SUMMARISED and line.index is not None
    return line.is_new if name == NEW else not name or line.action == name


def is_message(line: Line) -> bool:
    return line.index is not None
