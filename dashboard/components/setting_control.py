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
    drawn = _drawn(field, shown)
    key = widget_key(field.key, drawn)

    def changed() -> None:
        new = st.session_state.get(key, drawn)
        if new == drawn:  # a browser may send all it shows once more: that sets nothing
            return
        put(field.key, [typed(item) for item in new] if field.control == "list" else new)

    label = _(field.title)
    match field.control:
        case "switch":
            st.toggle(label, drawn, key=key, on_change=changed, label_visibility="collapsed")
        case "choice":
            st.selectbox(
                label,
                field.choices,
                field.choices.index(drawn),
                key=key,
                on_change=changed,
                label_visibility="collapsed",
            )
        case "number":
            _number(field, key, shown, drawn, changed)
        case "list":
            _list(field, key, drawn, changed)
        case _:
            st.text_input(label, drawn, key=key, on_change=changed, label_visibility="collapsed")


def widget_key(setting: str, value: object) -> str:
    """Of the widget that shows this value of a setting; where any other hand has changed the value, of a new one.

    A page that draws itself anew is sent all that the browser shows. Until a change has reached it that is the value
    before, which in the same widget would look like typed there, and set the setting back. The widget begins with the
    value, and is not told of it through the session state: being told clears what is half typed.
    """
    count = f"remade-{setting}"
    made = int(st.session_state.get(count, 0))
    if st.session_state.get(_named(setting, made), value) != value:
        st.session_state[count] = made = made + 1
    return _named(setting, made)


def _named(setting: str, made: int) -> str:
    return f"value-{setting}-{made}" if made else f"value-{setting}"


def _drawn(field: Field, shown: Any) -> Any:
    """As its widget holds it; a number that is not set is None."""
    match field.control:
        case "switch":
            return bool(shown)
        case "choice":
            return shown if shown in field.choices else field.choices[0]
        case "number":
            return None if shown is None else int(shown) if field.is_whole else float(shown)
        case "list":
            return [written(item) for item in shown or ()]
        case _:
            return written(shown)


def _number(field: Field, key: str, shown: Any, drawn: Any, changed: Callable[[], None]) -> None:
    """Empty for what is not set, and emptied it is given back to the files."""
    label, empty = _(field.title), _("not set")
    if field.is_whole:
        st.number_input(label, value=drawn, key=key, step=1, format="%d", placeholder=empty, on_change=changed,
                        label_visibility="collapsed")  # fmt: skip
    else:
        step = SHARE_STEP if isinstance(shown, float) and 0 <= shown <= 1 else STEP
        st.number_input(label, value=drawn, key=key, step=step, format=FINE, placeholder=empty, on_change=changed,
                        label_visibility="collapsed")  # fmt: skip


def _list(field: Field, key: str, items: list[str], changed: Callable[[], None]) -> None:
    """An item is taken out by its cross, and typed or chosen to be added at the end."""
    options = list(dict.fromkeys([*items, *map(written, field.default or ()), *suggested(field)]))
    st.multiselect(_(field.title), options, items, key=key, on_change=changed, label_visibility="collapsed",
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
