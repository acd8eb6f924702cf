"""The language of the document, for screen readers and for browsers that offer to translate.

Streamlit's page says `<html lang="en">` whatever is written in it, and a script of ours cannot reach that element. So
the word is changed on the way to the browser: by the address's `?lang=`, else by what the browser asks for. Switched in
an open page, it follows with the next load.
"""

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.catalogues import ENGLISH, LANGUAGES, spoken_by

TAG = '<html lang="{}"'
_FROM_CACHE = (b"if-none-match", b"if-modified-since")
"""The same page in another language would be no newer."""


class DocumentLanguage:
    """ASGI middleware around Streamlit's own routes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        language = asked_for(scope)

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in ("etag", "last-modified"):
                    if name in headers:
                        del headers[name]
            elif message["type"] == "http.response.body":  # as long as before: both languages have two letters
                named = message["body"].replace(TAG.format(ENGLISH).encode(), TAG.format(language).encode())
                message = {**message, "body": named}
            await send(message)

        plain = [(name, value) for name, value in scope["headers"] if name not in (*_FROM_CACHE, b"accept-encoding")]
        await self.app({**scope, "headers": plain}, receive, send_named)


def asked_for(scope: Scope) -> str:
    """One of LANGUAGES. A browser names its languages in the order of its person's liking."""
    wanted = QueryParams(scope["query_string"]).get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    first = Headers(scope=scope).get("accept-language", "").partition(",")[0]
    return spoken_by(first.partition(";")[0].strip())
