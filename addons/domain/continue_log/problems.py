"""An error as Continue prints it: its class, its status, and a line that is fit to be kept."""

import re
from dataclasses import dataclass

from addons.domain.provider_errors import ErrorClass, classify_error
from addons.domain.scrub import scrub

MAX_MESSAGE_CHARS = 200
_READ_CHARS = 4_000

_STATUS = re.compile(r"(?:HTTP )?([45]\d\d)\b")
_TRANSPORT = re.compile(
    r"connection error|premature close|fetch failed|failed, reason:|socket hang up|network error|timed? ?out|terminated"
    r"|econn|enotfound|etimedout|eai_again|epipe|certificate",
    re.IGNORECASE,
)
"""What Node's network says: no status stands beside it."""
_PREFIX = re.compile(r"\A(?:(?:Fetch|Type)?Error: ){1,5}")
_QUERY = re.compile(r"(https?://[^\s?#]{1,500})[?#]\S*")
_QUOTED = re.compile(r"\"[^\"]{60,}\"|'[^']{60,}'|`[^`]{60,}`")
"""Quoted at such length it is somebody's text."""
_CARRIERS = re.compile(r"(?<=Malformed JSON sent from server).*|[{\[<].*")
"""Where a line begins to hold what was sent or answered."""


@dataclass(frozen=True, slots=True)
class Problem:
    message: str
    error_class: str
    status: int | None


def problem(text: str, status: int | None = None) -> Problem:
    """:param text: the error, further lines included: they are looked at for its class, and not kept."""
    bare = _PREFIX.sub("", text[:_READ_CHARS].lstrip(), count=1)
    if status is None and (found := _STATUS.match(bare)):
        status = int(found[1])
    return Problem(short(bare), _class_of(bare, status), status)


def short(text: str) -> str:
    """The first line: without prefixes, bodies and long quotations, scrubbed."""
    line = text.lstrip()[:_READ_CHARS].partition("\n")[0]
    line = _QUOTED.sub("…", _QUERY.sub(r"\1", line))
    line = " ".join(scrub(_CARRIERS.sub("", line)).split())
    return line if len(line) <= MAX_MESSAGE_CHARS else line[: MAX_MESSAGE_CHARS - 1] + "…"


def _class_of(text: str, status: int | None) -> str:
    if status is not None:
        return str(classify_error(status, text.encode()).error_class)
    if _TRANSPORT.search(text):
        return str(ErrorClass.TRANSPORT)
    # Of a refused request that says nothing in particular, which is what an unknown error is to us.
    found = classify_error(400, text.encode()).error_class
    return "" if found is ErrorClass.BAD_REQUEST else str(found)
