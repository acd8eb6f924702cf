"""The messages of one request, in their order: what each is, what was done with it, and where its original is."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from addons.domain.composition import MASKED, Large
from addons.domain.decisions import Action
from addons.domain.message_lines import Line, lines, total
from dashboard import data, filling_figures, message_figures
from dashboard.charts.series import SERIES
from dashboard.components import address
from dashboard.components.columns import FILL, TOKENS, aside
from dashboard.components.method import titled
from dashboard.components.original_link import original_link
from dashboard.components.table import PAGE_PX, choice
from dashboard.data import TurnRow
from dashboard.format import percent, tokens
from dashboard.i18n import _, n_
from dashboard.message_figures import DECIDED, SENT
from dashboard.pages import view


def messages(row: TurnRow) -> None:
    listed = data.message_list(row.id)
    with st.container(border=True, key="messages"):
        if listed is None:
            _largest(row)
        else:
            _list(row, lines(listed))
        if row.compressed_tokens_saved:
            _summaries(row)


def _list(row: TurnRow, every: list[Line]) -> None:
    titled(_("**Its messages, in their order**"), reported=False)
    shown = _filtered(every)
    chosen = choice("message-list", message_figures.rows(shown, every), _columns(), shown, most_px=PAGE_PX)
    if chosen:
        _chosen(row, chosen)
    words = _summed(shown, every)
    st.caption(words)
    if unknown := sum(not line.is_known for line in every):
        st.caption(n_("{n} message is not known any more: the request that recorded it was deleted.",
                      "{n} messages are not known any more: the requests that recorded them were deleted.",
                      unknown).format(n=tokens(unknown)))  # fmt: skip


def _filtered(every: list[Line]) -> list[Line]:
    """By what they are and what was done with them; both are in the address."""
    names = {part: _(SERIES[part]) for part in message_figures.parts(every)}
    words = {name: _(message_figures.CHOICES[name]) for name in message_figures.choices(every)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = address.choice("part", _("What it is"), ["", *names], lambda key: names.get(key) or _("Everything"))
        usual = SENT if SENT in words else ""  # a summary may stand for most of them
        which = address.choice(
            "which", _("Messages"), ["", *words], lambda key: words.get(key) or _("All messages"), usual
        )
    return message_figures.chosen(message_figures.of_part(every, part), which)


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "place": st.column_config.NumberColumn(_("No."), format="%d", width=45),
        "part": text(_("What it is"), width=122),
        "tool": text(_("Tool"), width=145),
        "tokens": TOKENS(_("Tokens"), width=62, help=_("As forwarded.")),
        "done": text(_("Decision"), width=190),
        "saved": TOKENS(_("Saved"), width=78, help=_("Tokens as received, less those forwarded.")),
        "share": FILL(_("Of the prompt"), width=88),
        "rank": st.column_config.NumberColumn(_("Largest"), format="%d", width=52, help=_("From 1, the largest.")),
        "new": text(_("New"), width=62, help=_("Not in its session's request before.")),
        "also": text(_("Also in it"), width=98, help=_("In tokens, as received.")),
        "role": aside(_("Role")),
        "digest": aside(text(_("Digest"), width=115, help=_("Messages with the same digest say the same."))),
    }


def _chosen(row: TurnRow, line: Line) -> None:
    """Where there is more about it."""
    if line.action is Action.SUMMARISED:
        _summaries(row)
    elif line.action is Action.MASK:
        original_link(row.session_id or "", line.key)
    elif line.is_known:
        st.caption(_("It was forwarded as it came. No text of it is kept."))
    else:
        st.caption(_("Nothing is known."))


def _summed(shown: Sequence[Line], every: Sequence[Line]) -> str:
    """In our own words."""
    all_of_it, sent = total(list(every)), sum(line.after or 0 for line in shown)
    count = sum(message_figures.is_message(line) for line in shown)
    facts = [
        n_("{n} message", "{n} messages", count).format(n=tokens(count)),
        _("{n} tokens as forwarded").format(n=tokens(sent)),
        _("{share} of the prompt").format(share=percent(sent / all_of_it)) if all_of_it else "",
    ]
    if (saved := sum(line.saved for line in shown)) > 0:
        facts.append(_("{n} fewer than received").format(n=tokens(saved)))
    return " · ".join(fact for fact in facts if fact)


def _summaries(row: TurnRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("A summary stood for its oldest messages, **{n}** tokens shorter.").format(
            n=tokens(row.compressed_tokens_saved)))  # fmt: skip
        st.page_link(view("compression.py"), label=_("Its session's summaries"),
                     query_params={"of": row.session_id or "", "period": "all"})  # fmt: skip


def _largest(row: TurnRow) -> None:
    """Of a request of an older version: all that is recorded one by one."""
    found = data.composition_of(row.id)
    if found is None or not found.largest:
        st.caption(_("Its messages are not recorded: it was not read, or by an older version."))
        return
    titled(_("**The largest messages, and what was decided about them**"), reported=False)
    _table(row, found.largest, sum(found.parts.values()))
    st.caption(_("Recorded before all messages were kept: only the largest of them are known."))


def _table(row: TurnRow, found: tuple[Large, ...], total: int) -> None:
    columns = {
        "place": st.column_config.TextColumn(_("Message"), width=130),
        "role": _("Role"),
        "what": _("What it is"),
        "tool": st.column_config.TextColumn(_("Tool"), width=170),
        "tokens": TOKENS(_("Tokens")),
        "share": FILL(_("Of the prompt")),
        "decided": st.column_config.TextColumn(_("Decision"), width=220),
    }
    large = choice("largest", [_line(one, total) for one in found], columns, found)
    if large and large.advice == MASKED:
        original_link(row.session_id or "", large.key)


def _line(large: Large, total: int) -> dict[str, Any]:
    return filling_figures.large(large, total) | {"role": large.role, "decided": _(DECIDED.get(large.advice, ""))}
