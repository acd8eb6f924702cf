"""What the simulator answers: a list of rules, each for some requests, changeable while it runs.

Every value here is also JSON, because a test or the demo may sit in another process (see `control`).
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from addons.services.simulator.received import Received


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    """"": made up in the provider's own manner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, and what goes wrong with it."""

    text: str = "The simulated provider has read the request."
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish: str = ""
    """OpenAI's finish reason; "" is `tool_calls` where there are some, else `stop`."""
    error: str = ""
    """A case of `failures.FAILURES` (rate, auth, context, …): answered in the provider's own form."""
    error_after: int | None = None
    """With `error`: events that are streamed before the error object takes the place of the next one."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent verbatim in place of everything above; its type is `content_type`."""
    content_type: str = "application/json"
    first_delay_s: float = 0.0
    """Before the head of the answer."""
    chunk_delay_s: float = 0.0
    """Before each event of a stream but the first."""
    chunk_chars: int = 24
    """Text per event."""
    write_bytes: int | None = None
    """The body is cut anew into writes of so many bytes: events and characters arrive in pieces."""
    cut_at: int | None = None
    """The connection ends after so many bytes of the body."""
    reset: bool = False
    """The connection is reset before the head."""
    garbage: bytes = b""
    """Sent in place of an HTTP answer, before the connection ends."""
    gzip: bool = False
    """Compressed although nobody asked."""

    @property
    def finish_reason(self) -> str:
        return self.finish or ("tool_calls" if self.tool_calls else "stop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An answer and the requests it is for; an empty condition holds for all."""

    answer: Answer
    host: str = ""
    path: str = ""
    """Somewhere in the path."""
    key: str = ""
    """Somewhere in the credential: lets one script serve several sessions at once."""
    contains: str = ""
    """Somewhere in the body."""
    min_body_bytes: int = 0
    """Only for bodies at least so large: a model with a small window."""
    times: int | None = 1
    """How often it answers; None: always."""

    def fits(self, request: Received) -> bool:
        return (
            self.host in ("", request.host)
            and self.path in request.path
            and self.key in request.credential
            and self.contains.encode() in request.body
            and len(request.body) >= self.min_body_bytes
        )


class Script:
    """The first rule that fits and is not used up answers; then the default."""

    def __init__(self, *rules: Rule, default: Answer | None = None) -> None:
        self.default = default or Answer()
        self._rules = list(rules)
        self._lock = threading.Lock()

    def add(self, *rules: Rule) -> None:
        with self._lock:
            self._rules += rules

    def replace(self, rules: Iterable[Rule]) -> None:
        with self._lock:
            self._rules = list(rules)

    def answer(self, *answers: Answer, host: str = "", path: str = "", key: str = "", contains: str = "") -> None:
        """Each answer once, in this order, to the requests that meet the conditions (see Rule)."""
        self.add(*(Rule(answer=answer, host=host, path=path, key=key, contains=contains) for answer in answers))

    def choose(self, request: Received) -> Answer:
        with self._lock:
            for index, rule in enumerate(self._rules):
                if not rule.fits(request):
                    continue
                if rule.times is not None:
                    left = rule.times - 1
                    self._rules[index : index + 1] = [replace(rule, times=left)] if left else []
                return rule.answer
        return self.default
