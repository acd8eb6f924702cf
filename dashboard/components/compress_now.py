"""Compresses a session when a person wants it: first what it would do, then that it is done."""

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from dashboard import data, format
from dashboard.components import command
from dashboard.components.leading import lead
from dashboard.components.session_picker import picked, session_picker
from dashboard.components.tile import Tile, tile_row
from dashboard.data import SessionRow, SettingsError
from dashboard.excerpts import pages, sendable
from dashboard.i18n import _

PLACE = "compression"
MOST_KEPT = 1_000
"""As the proxy accepts it."""
TEXT_PX = 320
CHOSEN = "compress-session"
"""In the session state: the session that a preview was asked for, until its page opens."""
_KEEP = "keep-exchanges"
_FOR = "preview-for"
"""In the session state: the session and the number of exchanges that the latest answer is about."""


def preview_button(
    session: SessionRow, key: str = "compress-now", *, type: Literal["primary", "secondary"] = "secondary"
) -> None:
    """On another page: asks what a compression would do; `open_preview` then opens the page that shows it."""

    def chosen() -> None:
        _ask(session.id, _kept_by_settings(), True)
        st.session_state[CHOSEN] = session.id

    about = _("Shows first what it would do: which messages become a summary, and its text.")
    st.button(_("Compress now"), key=key, on_click=chosen, help=about, type=type)
    if CHOSEN in st.session_state:
        st.rerun()


def open_preview() -> None:
    """On the page itself: a page that a fragment switches to stays empty, since the next refresh stops it."""
    if (session_id := st.session_state.pop(CHOSEN, None)) is not None:
        lead("compression.py", {"session": session_id})


def compress_now() -> None:
    """The card on the compression page."""
    st.markdown(_("**Compress a session** · its oldest exchanges become one summary, with its next request"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="compress"):
        session = picked(session_picker())
        st.session_state.setdefault(_KEEP, _kept_by_settings())
        keep = int(st.number_input(_("Exchanges to keep"), 1, MOST_KEPT, key=_KEEP, width=150,
                                   help=_("The latest ones, which stay as they are.")))  # fmt: skip
        session_id = session.id if session else ""
        st.button(_("Preview"), key="compress-preview", on_click=_ask_kept, args=(session_id, True),
                  disabled=session is None)  # fmt: skip
        st.button(_("Compress now"), key="compress-run", on_click=_ask_kept, args=(session_id, False), type="primary",
                  disabled=session is None)  # fmt: skip
    command.told(PLACE)
    if session is None:
        st.caption(_("There is no such session, or none yet."))
    elif (session.id, keep) == st.session_state.get(_FOR) and "messages" in (found := command.answer(PLACE)):
        _shown(session, found)
    else:
        st.caption(_("Preview shows the messages concerned, the tokens before and after, and the summary's text."))


def _ask_kept(session_id: str, dry_run: bool) -> None:
    """Not by the button's arguments, which are older than a number typed just before the click."""
    _ask(session_id, int(st.session_state[_KEEP]), dry_run)


def _ask(session_id: str, keep: int, dry_run: bool) -> None:
    done = "" if dry_run else _("Asked for: the session's next request is compressed.")
    st.session_state[_FOR], st.session_state[_KEEP] = (session_id, keep), keep
    command.ask(PLACE, "compress", {"session_id": session_id, "keep_exchanges": keep, "dry_run": dry_run}, done)


def _kept_by_settings() -> int:
    try:
        return data.settings_in_use().compression.keep_exchanges
    except SettingsError:
        return 5  # the strip on top says that providers.toml is not in use


def _shown(session: SessionRow, found: Mapping[str, Any]) -> None:
    """:param found: the fields of the proxy's `Preview`."""
    before, after, window = found["prompt_tokens_before"], found["prompt_tokens_after"], found["context_window"]
    fills = _step(format.percent(before / window), format.percent(after / window)) if window else format.UNKNOWN
    tile_row("preview", [
        Tile(_("Messages concerned"), format.tokens(found["messages"]),
             _("the latest {n} exchanges stay").format(n=format.tokens(found["kept_exchanges"])),
             _("That the summary would stand for, those of an earlier summary included.")),
        Tile(_("Their tokens"), _step(format.tokens(found["tokens_before"]), format.tokens(found["tokens_after"])),
             _("before and after · estimated"), _("Of these messages, and of the one in their place.")),
        Tile(_("The whole request"), _step(format.tokens(before), format.tokens(after)),
             _("latest request · estimated"), _("As it was forwarded, and as it would be.")),
        Tile(_("Context fill"), fills, _("latest request · estimated"),
             _("Prompt tokens over the model's context window.")),
    ])  # fmt: skip
    st.text(sendable(session.name) or _("Unnamed session"))
    text(str(found["text"]))
    st.caption(_("Gathered from the messages alone. Where a model is set to write summaries, its text takes this one's "
                 "place once it is there."))  # fmt: skip


def _step(before: str, after: str) -> str:
    return _("{a} → {b}").format(a=before, b=after)


def text(summary: str) -> None:
    """As it is sent: it quotes the conversation, hence `st.code`; one page of it at most."""
    st.code(pages(sendable(summary))[0], language=None, wrap_lines=True, height=TEXT_PX)
