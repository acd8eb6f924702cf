"""Which project a session belongs to, and what a project is called, as a person wants it.

The requests follow, and with them the sums of their hours. A client goes on naming its own project: what it is
recognised by stays as it says, and its further requests count where the person put the session.
"""

from sqlalchemy import ColumnElement, Connection, Engine, select, update

from addons.domain.errors import UserError
from db import merging, revs
from db.commands import change, changing, ensure_shown, readable
from db.records import rolling
from db.records.following import HIDDEN
from db.tables import completions, managed_sessions, sessions

WHAT = "A project's name"


def file_session(engine: Engine, session_id: str, project: str) -> None:
    """The session belongs to this project from now on, with all its requests; to none where it is empty.

    :raises UserError: if there is no such session, or the name is not readable.
    """
    name = readable(WHAT, project) if project.strip() else ""
    with changing(engine) as tx:
        ensure_shown(tx, session_id)
        _file(tx, session_id, name)
        _rename_requests(tx, completions.c.session_id == session_id, name)


def rename_project(engine: Engine, project: str, name: str) -> int:
    """All sessions of the project, and all requests in it, are of the project `name` from now on, which may be there
    already. Returns the number of sessions. A new session is of the project that its client names.

    :raises UserError: if nothing is in that project, or the name is not readable.
    """
    shown = readable(WHAT, name)
    with changing(engine) as tx:
        ids = list(tx.scalars(select(sessions.c.id).where(sessions.c.project == project)))
        of_project = completions.c.project == project
        if not project or (not ids and tx.execute(select(completions.c.id).where(of_project).limit(1)).first() is None):
            raise UserError(f"There is no project {project!r}.")
        for session_id in ids:
            _file(tx, session_id, shown)
        _rename_requests(tx, of_project, shown)
    return len(ids)


def _file(tx: Connection, session_id: str, project: str) -> None:
    named = select(sessions.c.project).where(sessions.c.id == session_id)
    filed = select(managed_sessions.c.client_project).where(managed_sessions.c.session_id == session_id)
    before = tx.scalar(filed)
    merging.manage(tx, session_id, client_project=tx.scalar(named) if before is None else before)
    change(tx, session_id, project=project)


def _rename_requests(tx: Connection, which: ColumnElement[bool], project: str) -> None:
    """Those of deleted sessions, too; they are in no sum."""
    (rev,) = revs.take(tx, 1)
    changed = completions.c.project != project
    ids = select(completions.c.id).where(which, changed)
    counted = completions.c.id.in_(ids) & ~HIDDEN
    rolling.shift(tx, counted, -1)
    # The rows to be counted again are those with this rev: by their project they cannot be told from the others there.
    tx.execute(update(completions).where(which, changed).values(project=project, rev=rev))
    rolling.shift(tx, (completions.c.rev == rev) & ~HIDDEN, 1)
