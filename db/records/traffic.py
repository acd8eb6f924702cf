"""Completions and the states of their sessions, which every request brings together."""

from collections.abc import Sequence

from sqlalchemy import Connection

from addons.domain.completion import Completion
from addons.domain.sessions import SessionState
from db import revs
from db.records import completions, following, hours, message_steps, sessions, tallying


def write(tx: Connection, records: Sequence[Completion | SessionState], proxy_id: str) -> None:
    """The rows of completions, and the sessions and hours whose counters they raise, in one transaction.

    What a deleted session has counts in no hour until it is restored.
    """
    calls = [record for record in records if isinstance(record, Completion)]
    hidden = following.hidden(tx, (call.session_id for call in calls if call.session_id))
    changes = sessions.changes(records)
    taken = revs.take(tx, len(changes) + len(calls))
    found = iter(taken)
    sessions.write(tx, changes, found)
    if calls:
        counted = [call for call in calls if call.session_id not in hidden]
        hours.write(tx, counted)
        completions.write(tx, calls, found, proxy_id)
        message_steps.write(tx, calls, taken[len(changes) :])
        tallying.write(tx, counted)
