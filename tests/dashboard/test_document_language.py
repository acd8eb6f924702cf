import asyncio

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from dashboard.catalogues import LANGUAGES
from dashboard.document_language import DocumentLanguage

PAGE = b'<!doctype html><html lang="en"><body lang="en"></body></html>'
HTML = "text/html,application/xhtml+xml"


async def page(scope: Scope, _receive: Receive, send: Send) -> None:
    """Compressed and cached for whoever lets it, as Streamlit's is."""
    asked = {name for name, _value in scope["headers"]}
    cached = b"if-none-match" in asked
    size = str(len(PAGE)).encode()
    headers = [
        (b"content-length", size),
        (b"etag", b'"1"'),
        (b"x-packed", b"yes" if b"accept-encoding" in asked else b"no"),
    ]
    await send({"type": "http.response.start", "status": 304 if cached else 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE})


def get(path: str = "/", **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(DocumentLanguage(page))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "browser", "language"),
    [
        pytest.param("/", "en-GB,en;q=0.9", "en", id="English browser"),
        pytest.param("/", "fr-CA,fr;q=0.9,en;q=0.8", "fr", id="French browser"),
        pytest.param("/", "fr;q=0.9", "fr", id="one language"),
        pytest.param("/", "de,fr;q=0.5", "en", id="not spoken"),
        pytest.param("/usage?lang=fr", "en-GB", "fr", id="asked for in the address"),
        pytest.param("/?lang=en", "fr", "en", id="English asked for"),
        pytest.param('/?lang="><script>', "fr", "fr", id="nonsense in the address"),
    ],
)
def test_the_document_says_its_language(path: str, browser: str, language: str) -> None:
    answer = get(path, accept=HTML, accept_language=browser)
    assert answer.text == f'<!doctype html><html lang="{language}"><body lang="en"></body></html>'


def test_a_page_in_another_language_is_not_taken_from_the_cache() -> None:
    answer = get(accept=HTML, accept_language="fr", if_none_match='"1"')
    assert (answer.status_code, "etag" in answer.headers, answer.headers["x-packed"]) == (200, False, "no")


def test_what_is_no_document_goes_through_as_it_is() -> None:
    answer = get(accept="*/*", accept_language="fr")
    assert (answer.content, answer.headers["etag"], answer.headers["x-packed"]) == (PAGE, '"1"', "yes")


def test_every_language_has_two_letters() -> None:
    """The document's length is said before it is named."""
    assert {len(language) for language in LANGUAGES} == {2}
