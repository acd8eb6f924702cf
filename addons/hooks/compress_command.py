"""CompressCommand: a person asks for a compression, or what it would do, from the dashboard or the command line."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from addons.domain.compression.plan import cover, goes_on
from addons.domain.compression.summary import Trigger, content
from addons.domain.errors import UserError
from addons.hooks.compression import Compression
from addons.hooks.configuration import Configuration
from addons.hooks.eventloop import EventLoop
from addons.hooks.latest import Seen
from db.engine import opened, reader
from db.queries.states import state_of, states_within

Payload = Mapping[str, Any]

MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a compression of a session's latest request would do; all tokens are estimates."""

    session_id: str
    messages: int
    """That the summary would stand for, those of an earlier summary included."""
    kept_exchanges: int
    tokens_before: int
    """Of these messages, as they were forwarded."""
    tokens_after: int
    """Of the message in their place."""
    prompt_tokens_before: int
    prompt_tokens_after: int
    context_window: int | None
    text: str
    """The whole message, with the heuristic summary in it."""


class CompressCommand:
    """`handlers` for `Control`: `compress` with a session_id and, if wanted, keep_exchanges and dry_run."""

    def __init__(self, configuration: Configuration, compression: Compression, loop: EventLoop) -> None:
        self.configuration = configuration
        self.compression = compression
        self.loop = loop
        self.handlers = {"compress": self.compress}

    def compress(self, payload: Payload) -> Payload:
        """What it will do; it is done with the session's next request, whose credentials it needs.

        :raises UserError: if there is no such session, or nothing to be summarised.
        """
        named, keep, dry_run = self.read(payload)
        session_id = self.conversation(named)
        seen = self.compression.latest.of(session_id)
        if seen is None:
            self.ensure_known(named)
            if dry_run:
                raise UserError(
                    f"Session {session_id} has sent nothing since the proxy was started, and its messages are not "
                    "stored: look again after its next request."
                )
        preview = asdict(self.preview(seen, keep)) if seen else {}
        if not dry_run:
            self.loop.soon(self.compression.asked.__setitem__, session_id, keep)
        return preview | {"asked": not dry_run}

    def read(self, payload: Payload) -> tuple[str, int, bool]:
        session_id, dry_run = payload.get("session_id"), payload.get("dry_run", False)
        keep = payload.get("keep_exchanges", self.compression.settings.keep_exchanges)
        if not isinstance(session_id, str):
            raise UserError(f"session_id is {session_id!r}; expected text.")
        if not isinstance(keep, int) or isinstance(keep, bool) or not 1 <= keep <= MOST_KEPT:
            raise UserError(f"keep_exchanges is {keep!r}; expected a whole number from 1 to {MOST_KEPT}.")
        if not isinstance(dry_run, bool):
            raise UserError(f"dry_run is {dry_run!r}; expected true or false.")
        return session_id, keep, dry_run

    def conversation(self, session_id: str) -> str:
        """As which the session's next request will be recognised: itself, or one that was merged into it."""
        with opened(reader, self.configuration.database_url) as engine:
            within = states_within(engine, session_id)
        return within[0].id if within else session_id

    def ensure_known(self, session_id: str) -> None:
        with opened(reader, self.configuration.database_url) as engine:
            if state_of(engine, session_id) is None:
                raise UserError(f"There is no session {session_id!r}; it may have been deleted.")

    def preview(self, seen: Seen, keep: int) -> Preview:
        exchange = seen.exchange
        assert exchange.reading
        chosen = cover(exchange.reading.messages, keep)
        if chosen is None or not goes_on(chosen, exchange.covered):
            raise UserError(
                f"Nothing of session {exchange.session_id} can be summarised if its latest {keep} exchanges stay."
            )
        summary = self.compression.draft(exchange, seen.summary, Trigger.BY_HAND, chosen).summary
        return Preview(
            session_id=summary.session_id,
            messages=summary.messages,
            kept_exchanges=keep,
            tokens_before=summary.tokens_before,
            tokens_after=summary.tokens_after,
            prompt_tokens_before=summary.prompt_tokens_before,
            prompt_tokens_after=summary.prompt_tokens_after,
            context_window=summary.context_window,
            text=content(summary),
        )
