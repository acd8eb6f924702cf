"""The widget a setting is changed with, by its type. None of them checks a value: the parser of providers.toml does,
and says the same words at the field as it would of the file."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from addons.domain.memory_servers import SERVERS
from dashboard import data
from dashboard.i18n import _
from dashboard.settings_form import typed, written
from dashboard.settings_schema import Field

Put = Callable[[str, object], None]

SHARE_STEP, STEP = 0.05, 1.0
FINE = "%.12g"
"""No digit of a share is rounded away."""


def control(field: Field, shown: Any, put: Put) -> None:
    """:param shown: the value in use, or what was typed and refused. :param put: takes the key and what it is now."""
    key = f"value-{field.key}"

    def changed() -> None:
        new = st.session_state[key]
        if new == drawn:  # a browser may send all it shows once more: that sets nothing
            return
        put(field.key, [typed(item) for item in new] if field.control == "list" else new)

    label = _(field.title)
    match field.control:
        case "switch":
            st.session_state[key] = bool(shown)
            st.toggle(label, key=key, on_change=changed, label_visibility="collapsed")
        case "choice":
            st.session_state[key] = shown if shown in field.choices else field.choices[0]
            st.selectbox(label, field.choices, key=key, on_change=changed, label_visibility="collapsed")
        case "number":
            _number(field, key, shown, changed)
        case "list":
            _list(field, key, shown, changed)
        case _:
            st.session_state[key] = written(shown)
            st.text_input(label, key=key, on_change=changed, label_visibility="collapsed")
    drawn = st.session_state[key]


def _number(field: Field, key: str, shown: Any, changed: Callable[[], None]) -> None:
    """Empty for what is not set, and emptied it is given back to the files."""
    label, empty = _(field.title), _("not set")
    if field.is_whole:
        st.session_state[key] = None if shown is None else int(shown)
        st.number_input(label, key=key, step=1, format="%d", placeholder=empty, on_change=changed,
                        label_visibility="collapsed")  # fmt: skip
    else:
        st.session_state[key] = None if shown is None else float(shown)
        step = SHARE_STEP if isinstance(shown, float) and 0 <= shown <= 1 else STEP
        st.number_input(label, key=key, step=step, format=FINE, placeholder=empty, on_change=changed,
                        label_visibility="collapsed")  # fmt: skip


def _list(field: Field, key: str, shown: Any, changed: Callable[[], None]) -> None:
    """An item is taken out by its cross, and typed or chosen to be added at the end."""
    items = [written(item) for item in shown or ()]
    st.session_state[key] = items
    options = list(dict.fromkeys([*items, *map(written, field.default or ()), *suggested(field)]))
    st.multiselect(_(field.title), options, key=key, on_change=changed, label_visibility="collapsed",
                   accept_new_options=True, placeholder=_("Choose or type one more"))  # fmt: skip


def suggested(field: Field) -> list[str]:
    """Values, or items of a list, that are likely to be meant."""
    match field.path:
        case ("routing", "fallback" | "rules"):
            providers = data.settings_in_use().providers
            return [f"{key}/{model}" for key, one in providers.items() for model in one.models if "*" not in model]
        case ("memory", "servers"):
            return list(SERVERS)
        case _:
            return []
