"""What fills the window in numbers: each part, results by tool, and the largest messages with what can be done."""

from collections.abc import Sequence

import streamlit as st

from addons.domain.composition import IN_USE, MASKED, STALE, STAYS, WORDS, Composition, Large
from dashboard import data, filling_figures
from dashboard.components import command
from dashboard.components.actions import OFF, is_bypassed, policy_of
from dashboard.components.columns import FILL, TOKENS
from dashboard.components.compress_now import preview_button
from dashboard.components.method import titled
from dashboard.components.original_link import original_link
from dashboard.components.table import WHOLE_PX, choice, table
from dashboard.data import LiveRow, SessionRow
from dashboard.figures import latest_in_context
from dashboard.format import percent, tokens
from dashboard.i18n import N_, _

PLACE = "largest"
ADVICE = {
    MASKED: N_("Masked: a digest is sent in its place."),
    STALE: N_("The model has used it: masking takes it out with the next request."),
    IN_USE: N_("In use: the model has not gone on from it yet."),
    WORDS: N_("Your own words are never changed; a summary can stand for older ones."),
    STAYS: N_("It stays; a summary can stand for older exchanges."),
}
STANDING = N_("It is sent with each request: shorten it where your editor is configured.")
"""Of what is no message of the conversation."""


def filling(session: SessionRow, rows: Sequence[LiveRow]) -> None:
    last = latest_in_context(rows)
    found = data.composition_of(last.id) if last else None
    if last is None or found is None:
        return
    with st.container(border=True, key="filling"):
        parts("filling-parts", found, last)
    with st.container(border=True, key="largest-messages"):
        _largest(session, found)


def parts(key: str, found: Composition, row: LiveRow) -> None:
    """The composition of one request as a table."""
    titled(_("**What the prompt is made of**"), reported=False)
    lines = filling_figures.table(found, row)
    columns = {
        "part": st.column_config.TextColumn(_("Part"), width=195),
        "tokens": TOKENS(_("Tokens"), width=70),
        "share": FILL(_("Of the prompt"), width=100),
        "window": st.column_config.NumberColumn(_("Of the window"), format="%.1f %%", width=90),
    }
    table(key, lines, columns, most_px=WHOLE_PX)
    total, new = sum(found.parts.values()), found.overview.get("new", 0)
    st.caption(_("{n} tokens, {share} of the prompt, are new in this request; the rest was sent before.").format(
        n=tokens(new), share=percent(new / total if total else None)))  # fmt: skip


def _largest(session: SessionRow, found: Composition) -> None:
    titled(_("**The largest messages, and what can be done**"), reported=False)
    total = sum(found.parts.values())
    lines = [filling_figures.large(large, total) | {"advice": _advice(large)} for large in found.largest]
    columns = {
        "place": st.column_config.TextColumn(_("Message"), width=125),
        "what": st.column_config.TextColumn(_("What it is"), width=125),
        "tool": st.column_config.TextColumn(_("Tool"), width=115),
        "tokens": TOKENS(_("Tokens"), width=60),
        "share": FILL(_("Of the prompt"), width=92),
        "advice": st.column_config.TextColumn(_("What can be done"), width=430),
    }
    chosen = choice("largest", lines, columns, found.largest)
    if chosen and chosen.advice == MASKED:
        original_link(session.id, chosen.key)
    _controls(session, {large.advice for large in found.largest if large.key})
    command.told(PLACE)


def _advice(large: Large) -> str:
    """In our own words."""
    return _(STANDING) if large.advice == STAYS and not large.key else _(ADVICE.get(large.advice, ""))


def _controls(session: SessionRow, advice: set[str]) -> None:
    """What helps against any of them: once, since it is done to the whole session."""
    with st.container(horizontal=True):
        if STALE in advice:
            done = _("The session's next request masks all that may go.")
            st.button(_("Mask now"), key="mask-large", disabled=policy_of(session) == OFF or is_bypassed(session),
                      on_click=command.ask, args=(PLACE, "mask_now", {"session_id": session.id}, done))  # fmt: skip
        if advice & {WORDS, STAYS}:
            preview_button(session, "compress-large")
