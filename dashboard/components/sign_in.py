"""What stands in a page's place until the person has signed in, and who it is afterwards.

Only where Streamlit's secrets ask for it (`dashboard.signing_in`); names of people are captured words, hence `st.text`.
"""

import streamlit as st

from addons.domain.people import Person, may_enter
from dashboard import data, signing_in
from dashboard.components import languages
from dashboard.format import label
from dashboard.i18n import _


def has_entered() -> bool:
    """Whether the page may be drawn; else it has been said why not, and what to do."""
    if not signing_in.required():
        return True
    found = signing_in.of_page()
    if found is None:
        _ask()
        return False
    try:
        allowed = data.allowed_people()
    except data.SettingsError as error:
        st.error(_("providers.toml cannot be used, and says who may see this dashboard: nobody is let in."))
        st.code(str(error), language=None)
        return False
    if not may_enter(found.email, allowed):
        _refuse(found)
        return False
    with st.sidebar:
        _who(found)
    return True


def _ask() -> None:
    _title(_("Sign in"))
    st.info(_("This dashboard shows what a team sends to its models. Sign in to see it."))
    for name in signing_in.offered():
        words = _("Sign in with {provider}").format(provider=label(name)) if name else _("Sign in")
        st.button(words, key=f"sign-in-{name}", type="primary", on_click=st.login, args=[name or None])


def _refuse(found: Person) -> None:
    _title(_("Not on the list"))
    if found.email:
        st.warning(_("You are signed in, but this address is not among those that may see the dashboard. Whoever runs "
                     "it can add it to `allowed` under `[team]` in providers.toml."))  # fmt: skip
    else:
        st.warning(_("You are signed in, but the identity provider vouches for no e-mail address of yours, and only "
                     "listed addresses may see the dashboard."))  # fmt: skip
    _who(found)


def _who(found: Person) -> None:
    st.text("\n".join(dict.fromkeys(part for part in (found.name, found.email) if part)))
    st.button(_("Sign out"), key="sign-out", on_click=st.logout)


def _title(title: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(title, anchor=False, width="stretch")
        languages.switch()
