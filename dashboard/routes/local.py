"""Who may ask for a file: a page of this dashboard, or the person who types the address."""

import re
from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from addons.domain.errors import UserError
from addons.domain.people import may_enter
from dashboard import data, signing_in
from dashboard.data import StoreUnavailable

Endpoint = Callable[[Request], Response]

OURS = ("same-origin", "none")
"""Of Sec-Fetch-Site; absent where no browser asks. "same-site" is another port of this machine: not ours."""
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
NAME_LENGTH = 60


def local(endpoint: Endpoint) -> Endpoint:
    """Only for us, who have signed in where that is asked for, only by GET, and with words for what goes wrong."""

    @wraps(endpoint)
    def guarded(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "none") not in OURS:
            return PlainTextResponse("Another site may not ask for this.", status_code=403)
        if request.method != "GET":  # Starlette lets HEAD pass with it, which would make the whole file for nothing
            return PlainTextResponse("Only GET is answered here.", status_code=405, headers={"allow": "GET"})
        try:
            return _stranger(request) or endpoint(request)
        except UserError as error:
            return PlainTextResponse(f"{error}\n", status_code=400)
        except StoreUnavailable as problem:
            return PlainTextResponse(f"{problem}\n", status_code=503)

    return guarded


def _stranger(request: Request) -> Response | None:
    """What a person is told who would not be let in to the pages either."""
    if not signing_in.required():
        return None
    found = signing_in.of_cookies(request.cookies)
    if found is None:
        return PlainTextResponse("Sign in to the dashboard first.\n", status_code=401)
    if not may_enter(found.email, data.allowed_people()):
        return PlainTextResponse("You are not among those who may see this dashboard.\n", status_code=403)
    return None


def attachment(*words: str, end: str) -> dict[str, str]:
    """Headers of a file to be kept; its name is made of the words, of which only letters a-z and digits stay."""
    name = _NOT_IN_NAMES.sub("-", " ".join(words).lower()).strip("-")[:NAME_LENGTH].rstrip("-")
    return {
        "content-disposition": f'attachment; filename="{name}.{end}"',
        "cache-control": "no-store",
        "content-encoding": "identity",  # or Streamlit compresses it, which costs more than it saves on one machine
    }
