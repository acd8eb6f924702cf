"""`/export/requests.csv?provider=…`: any selection of requests, as it is read."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from addons.domain.errors import UserError
from addons.domain.row_files import ROW_FORMATS
from addons.domain.selection import one_of, selection
from addons.domain.settings.documents import shown
from dashboard import data
from dashboard.format import now_ms, utc
from dashboard.routes.local import attachment, local


@local
def export(request: Request) -> Response:
    """Nobody reads, nothing is read: a piece is made when the one before has been taken, and none after a reader has
    left."""
    form = request.path_params["form"]
    if form not in ROW_FORMATS:
        raise UserError(f"The format is {shown(form)}; expected {one_of(ROW_FORMATS)}")
    given = request.query_params.multi_items()
    names = [name for name, _text in given]
    if twice := [name for name in names if names.count(name) > 1]:
        raise UserError(f"{shown(twice[0])} is there more than once; expected one value")
    at_ms = now_ms()
    found = data.export_rows(selection(dict(given), at_ms))
    of = [text for name, text in given if name not in ("since", "until")]
    headers = attachment("kimi proxy requests", *of, f"{utc(at_ms):%Y-%m-%d}", end=form)
    media_type, pieces = ROW_FORMATS[form]
    return StreamingResponse(pieces(found, data.EXPORT_COLUMNS), headers=headers, media_type=media_type)
