"""`/export/report?session=…`: the report on a session."""

from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from addons.domain.errors import UserError
from addons.domain.selection import one_of
from addons.domain.settings.documents import shown
from dashboard.catalogues import ENGLISH, LANGUAGES
from dashboard.format import now_ms
from dashboard.i18n import speaking
from dashboard.report.gathered import gather
from dashboard.report.page import page
from dashboard.routes.local import attachment, local


@local
def report(request: Request) -> Response:
    lang, session_id = request.query_params.get("lang", ENGLISH), request.query_params.get("session", "")
    if lang not in LANGUAGES:
        raise UserError(f"lang is {shown(lang)}; expected {one_of(LANGUAGES)}")
    zone = _zone(request.query_params.get("zone", "UTC"))
    with speaking(lang):
        found = gather(session_id)
        if found is None:
            return PlainTextResponse(f"There is no session {shown(session_id)}.\n", status_code=404)
        headers = attachment("kimi proxy session", found.session.name or found.session.id, end="html")
        return Response(page(found, zone, now_ms()), headers=headers, media_type="text/html; charset=utf-8")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:  # no name; no such zone; a folder of zones
        raise UserError(f"zone is {shown(name)}; expected a time zone such as Europe/Paris") from error
