"""The inbox: what the person changed or asked for in the dashboard, noticed by the proxy within 250 ms."""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError

from addons.domain.errors import UserError
from db import place
from db.addressees import addressee
from db.clock import now_ms
from db.engine import reader, writer
from db.failures import described
from db.tables import commands, settings
from db.watcher import Watcher

log = logging.getLogger(__name__)

OnSettings = Callable[[Mapping[str, object]], Mapping[str, str]]
OnCommand = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]

LOOK_S = 0.1
"""Between two looks: well under the 250 ms that a person is promised, also on a busy machine."""
RETRY_S = 1.0
"""Between two tries where the store does not answer."""
LEFT_MS = 3_000
"""How long a command is left to the proxy whose session it is about, before any other carries it out."""
EXPIRES_MS = 60_000
"""The page has told the person long ago that no proxy was running; carrying a command out later would surprise."""

# Built once: they are asked after each write of anybody's, the recorder's included.
CHANGED = (
    select(settings.c.key, settings.c.value, settings.c.version)
    .where(settings.c.version > bindparam("seen"))
    .order_by(settings.c.version)
)
WAITING = (
    select(commands.c.id, commands.c.kind, commands.c.payload, commands.c.created_at_ms)
    .where(commands.c.done_at_ms.is_(None), commands.c.picked_at_ms.is_(None))
    .order_by(commands.c.id)
)


class Inbox:
    """`start` and `close`. Both handlers run on the inbox's own thread and should return soon: nothing else is noticed
    meanwhile. `on_settings` gets what has changed by key, and answers what it could not apply, with the reason; what it
    does not mention is applied. `on_command` gets the kind and the payload, and answers what the page shows.
    """

    def __init__(
        self,
        url: str,
        *,
        on_settings: OnSettings,
        on_command: OnCommand,
        proxy_id: str,
        clock_ms: Callable[[], int] = now_ms,
    ) -> None:
        self._url = url
        self._on_settings = on_settings
        self._on_command = on_command
        self._proxy_id = proxy_id
        self._clock_ms = clock_ms
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen_version = 0
        self._complained = ""
        self._has_left = False
        """Whether a command waits that is another proxy's, as long as that one takes it."""

    def start(self) -> None:
        """Needs the tables, which `Recorder.start` makes; until they are there it waits for them."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
            self._thread.start()

    def close(self, timeout_s: float = 5.0) -> None:
        """Ends after what is being carried out."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._watch()
                self._closing.wait(RETRY_S)  # where another file came: the recorder puts it in order first
            except (UserError, SQLAlchemyError) as error:
                self._complain(error)
                self._closing.wait(RETRY_S)

    def _watch(self) -> None:
        """Until closed, until the store fails, or until another file has taken its place."""
        with ExitStack() as stack:
            reading = reader(self._url)
            stack.callback(reading.dispose)
            writing = writer(self._url)
            stack.callback(writing.dispose)
            connection = stack.enter_context(reading.connect())
            watcher, identity = Watcher(connection), place.identity(self._url)
            while not self._closing.is_set() and place.identity(self._url) == identity:
                if watcher.changed() or self._has_left:
                    self._apply_settings(connection, writing)
                    self._carry_out_commands(connection, writing)
                    self._complained = ""
                self._closing.wait(LOOK_S)

    def _apply_settings(self, connection: Connection, writing: Engine) -> None:
        changed = connection.execute(CHANGED, {"seen": self._seen_version}).all()
        if not changed:
            return
        errors = self._errors_of({row.key: row.value for row in changed})
        with writing.begin() as tx:
            for row in changed:
                done = {} if row.key in errors else {"applied_at_ms": self._clock_ms(), "applied_by": self._proxy_id}
                tx.execute(
                    update(settings)
                    .where(settings.c.key == row.key, settings.c.version == row.version)  # not a still newer value
                    .values({"applied_at_ms": None, "applied_by": None, **done, "error": errors.get(row.key, "")})
                )
        self._seen_version = changed[-1].version

    def _errors_of(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """`values` as JSON. Whatever the handler raises, the thread goes on: the person can put the setting right."""
        try:
            found = self._on_settings({key: json.loads(value) for key, value in values.items()})
            return {key: error for key, error in found.items() if error}
        except Exception as error:
            log.exception("proxy %s: settings %s were not applied", self._proxy_id, ", ".join(sorted(values)))
            return dict.fromkeys(values, _told(error))

    def _carry_out_commands(self, connection: Connection, writing: Engine) -> None:
        self._has_left = False
        for row in connection.execute(WAITING).all():
            if self._closing.is_set():
                return
            if self._is_anothers(connection, row.payload, row.created_at_ms):
                self._has_left = True
            elif self._picked(writing, row.id):
                result = self._result_of(row.id, row.kind, row.payload, row.created_at_ms)
                with writing.begin() as tx:
                    done = update(commands).where(commands.c.id == row.id)
                    tx.execute(done.values(done_at_ms=self._clock_ms(), result=result))

    def _is_anothers(self, connection: Connection, payload: str, created_at_ms: int) -> bool:
        """For now: what a proxy does to a session on its way would have no effect in another."""
        now_ms = self._clock_ms()
        if now_ms - created_at_ms > LEFT_MS:
            return False
        try:
            session_id = json.loads(payload).get("session_id")
        except (ValueError, AttributeError):
            return False  # it is answered with what is wrong
        if not isinstance(session_id, str):
            return False
        return addressee(connection, session_id, now_ms) not in (None, self._proxy_id)

    def _picked(self, writing: Engine, command_id: int) -> bool:
        """Whether this proxy is the one to carry it out: of several, the database lets one change the row."""
        mine = update(commands).where(commands.c.id == command_id, commands.c.picked_at_ms.is_(None))
        with writing.begin() as tx:
            return tx.execute(mine.values(picked_at_ms=self._clock_ms())).rowcount == 1

    def _result_of(self, command_id: int, kind: str, payload: str, created_at_ms: int) -> str:
        """JSON, whatever the handler does."""
        if self._clock_ms() - created_at_ms > EXPIRES_MS:
            return json.dumps({"error": "No proxy was running when this was asked for; ask again."})
        try:
            return json.dumps({"ok": dict(self._on_command(kind, json.loads(payload)))})
        except UserError as error:
            return json.dumps({"error": str(error)})
        except Exception as error:
            log.exception("proxy %s: command %d (%s) failed", self._proxy_id, command_id, kind)
            return json.dumps({"error": _told(error)})

    def _complain(self, error: UserError | SQLAlchemyError) -> None:
        """One line for each kind of failure, until it works again."""
        line = described(error)
        if line != self._complained:
            self._complained = line
            log.warning("proxy %s: settings and commands cannot be read: %s", self._proxy_id, line)


def _told(error: Exception) -> str:
    """For the page; what was not written for people is in the proxy's log only."""
    return str(error) if isinstance(error, UserError) else f"{type(error).__name__}; the proxy's log says more"
