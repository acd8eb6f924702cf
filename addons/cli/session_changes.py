"""What `sessions` changes: a running proxy does it, so that it knows; where none runs, it is done here."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from addons.cli.asking import asked
from addons.domain import places
from addons.domain.errors import UserError
from db import managing
from db.clock import now_ms
from db.engine import opened, reader, writer
from db.queries.proxies import signs

ALIVE_MS = 5_000
"""A proxy whose latest sign of life is older is taken to have gone; it gives one each second."""


class Change(NamedTuple):
    """An option: what it takes, what it says in the help, and the command with the payload made of its words."""

    names: tuple[str, ...]
    help: str
    kind: str
    payload: Callable[..., Mapping[str, object]]


CHANGES = {
    "rename": Change(("ID", "NAME"), "name a session", "rename_session",
                     lambda id_, name: {"session_id": id_, "name": name}),
    "project": Change(("ID", "NAME"), 'move a session to a project; "" for none', "file_session",
                      lambda id_, name: {"session_id": id_, "project": name}),
    "pin": Change(("ID",), "keep a session on top", "pin_session", lambda id_: {"session_id": id_, "pinned": True}),
    "unpin": Change(("ID",), "do not keep it there any longer", "pin_session",
                    lambda id_: {"session_id": id_, "pinned": False}),
    "split": Change(("ID", "REQUEST"), "let a new session begin with that request (`id` in an export)", "split_session",
                    lambda id_, request: {"session_id": id_, "completion_id": number(request)}),
    "merge": Change(("ID", "OTHER"), "make OTHER a part of session ID", "merge_sessions",
                    lambda id_, other: {"session_id": id_, "other_id": other}),
    "delete": Change(("ID",), "hide a session, and remove it when sessions.undo_hours have passed", "delete_session",
                     lambda id_: {"session_id": id_}),
    "restore": Change(("ID",), "bring a deleted session back, or take a merged one out again", "restore_session",
                      lambda id_: {"session_id": id_}),
    "erase": Change(("ID",), "remove a deleted session now, with all it has", "erase_session",
                    lambda id_: {"session_id": id_}),
}  # fmt: skip


def add_arguments(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("changes, one at a time").add_mutually_exclusive_group()
    for name, change in CHANGES.items():
        group.add_argument(f"--{name}", nargs=len(change.names), metavar=change.names, help=change.help)


def change(args: Namespace) -> str:
    """Does what was asked for, and says so; "" where nothing was.

    :raises UserError: why it cannot be done.
    """
    for name, wanted in CHANGES.items():
        if (words := getattr(args, name)) is not None:
            answer = carried_out(wanted.kind, wanted.payload(*words))
            return "Done." + "".join(f" {key}: {value}" for key, value in answer.items())
    return ""


def carried_out(kind: str, payload: Mapping[str, object]) -> Mapping[str, Any]:
    url = places.database_url(os.environ)
    with opened(reader, url) as engine, engine.connect() as tx:
        is_alive = any(sign.stopped_at_ms is None and now_ms() - sign.seen_at_ms < ALIVE_MS for sign in signs(tx))
    if is_alive:
        return asked(url, kind, payload)
    with opened(writer, url) as engine:
        return managing.HANDLERS[kind](engine, payload)


def number(text: str) -> int:
    if not text.isdecimal():
        raise UserError(f"{text!r} is not the number of a request; `export` has them in the column id.")
    return int(text)
