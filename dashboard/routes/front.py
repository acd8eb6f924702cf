"""The first page by a name of its own: Streamlit serves its default page at / alone, and a link may say /session."""

from starlette.requests import Request
from starlette.responses import RedirectResponse


def front(request: Request) -> RedirectResponse:
    """To the same page, with the same query. A relative address, so that no host that was sent here is believed."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")
