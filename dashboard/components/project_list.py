"""Projects: what their sessions come to, where to look further, and another name for one."""

import streamlit as st

from dashboard import data
from dashboard.components import session_undo
from dashboard.components.columns import TOKENS, USD, when
from dashboard.components.session_actions import NAME_LIMIT
from dashboard.components.table import choice
from dashboard.data import ProjectSums
from dashboard.excerpts import sendable
from dashboard.format import utc
from dashboard.i18n import _
from dashboard.pages import view


def project_list() -> None:
    """Closed, because most people need it rarely; without a named project it says how to get one."""
    projects = data.session_projects()
    with st.expander(_("Projects"), key="projects"):
        if not any(one.project for one in projects):
            st.text(_("No session has a project. Move one into a project, or let your client name it in the header "
                      "X-Kimi-Project."))  # fmt: skip
            return
        chosen = _table(projects)
        st.caption(_("Whole sessions, whatever the period; an empty cost means that no price is known."))
        if chosen is not None and chosen.project:
            _chosen(chosen)


def _table(projects: list[ProjectSums]) -> ProjectSums | None:
    columns = {
        "project": st.column_config.TextColumn(_("Project"), width=220),
        "sessions": TOKENS(_("Sessions")),
        "requests": TOKENS(_("Requests")),
        "prompt": TOKENS(_("Prompt tokens")),
        "completion": TOKENS(_("Generated tokens")),
        "saved": TOKENS(_("Tokens saved")),
        "cost": USD(_("Cost")),
        "unpriced": TOKENS(_("No price"), help=_("Requests whose price is not known; they are not in the cost.")),
        "seen": when(_("Last active"), "distance"),
    }
    rows = [
        {
            "project": one.project or _("None"),
            "sessions": one.sessions,
            "requests": one.completions,
            "prompt": one.prompt_tokens,
            "completion": one.completion_tokens,
            "saved": one.saved_tokens,
            "cost": one.cost_usd if one.cost_usd or not one.unpriced else None,
            "unpriced": one.unpriced,
            "seen": utc(one.last_seen_ms),
        }
        for one in projects
    ]
    return choice(f"project-table-{session_undo.generation()}", rows, columns, projects)


def _chosen(one: ProjectSums) -> None:
    with st.container(border=True, key="selected-project"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(one.project)
            st.page_link(view("usage.py"), label=_("Its usage and cost"),
                         query_params={"project": one.project, "period": "all"})  # fmt: skip
            st.page_link(view("sessions.py"), label=_("Its sessions"),
                         query_params={"project": one.project, "period": "all"})  # fmt: skip
        with st.form("project-name", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                _("Name"), value=sendable(one.project), max_chars=NAME_LIMIT, width=360, key="project-name-new"
            )
            st.form_submit_button(_("Rename the project"), on_click=_rename, args=(one.project,),
                                  help=_("Its sessions and requests, also those to come. A new session has the project "
                                         "that its client names."))  # fmt: skip


def _rename(project: str) -> None:
    name = st.session_state["project-name-new"]
    session_undo.ask("rename_project", {"project": project, "name": name}, _("The project is renamed."))
