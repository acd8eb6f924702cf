"""Which session the figures below are of. Captured words, hence `st.text`."""

import streamlit as st

from dashboard.data import SessionRow
from dashboard.format import ago, now_ms
from dashboard.i18n import _


def heading(session: SessionRow) -> None:
    facts = [session.name or _("Unnamed session"), session.project, session.provider, session.model]
    facts.append(ago(session.last_seen_ms, now_ms()))
    st.text(" · ".join(fact for fact in facts if fact))
