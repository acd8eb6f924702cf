"""Files as a browser gets them, from the routes behind the guard."""

import asyncio
import csv
import io
import json
import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect

from addons.domain.row_files import PIECE_ROWS
from dashboard import data
from dashboard.guard import Guard
from dashboard.routes import ROUTES
from db.engine import opened, reader
from db.queries.export import EXPORT_COLUMNS, rows
from tests.filled import HOSTILE, Filler

APP = Starlette(routes=ROUTES, middleware=[Middleware(Guard, hosts=["127.0.0.1"])])


def get(path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(APP)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(
                method, path, headers={name.replace("_", "-"): v for name, v in headers.items()}
            )

    return asyncio.run(ask())


def test_all_requests_are_those_of_the_command(filled_database: Filler) -> None:
    with opened(reader, os.environ["KIMI_DATABASE_URL"]) as engine:
        expected = list(rows(engine))
    assert json.loads(get("/export/requests.json").text) == expected
    assert [json.loads(line) for line in get("/export/requests.jsonl").text.splitlines()] == expected
    header, *lines = csv.reader(io.StringIO(get("/export/requests.csv").text, newline=""))
    assert tuple(header) == EXPORT_COLUMNS
    assert [int(line[0]) for line in lines] == [row["id"] for row in expected]


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("session=s-0002", {"session_id": "s-0002"}),
        ("provider=groq&kind=chat", {"provider": "groq", "kind": "chat"}),
        ("outcome=error", {"outcome": "error"}),
        ("model=codestral-latest", {"model": "codestral-latest"}),
    ],
)
def test_a_selection_has_its_rows_only(filled_database: Filler, query: str, chosen: dict[str, str]) -> None:
    every = json.loads(get("/export/requests.json").text)
    expected = [row for row in every if all(row[name] == value for name, value in chosen.items())]
    assert 0 < len(expected) < len(every)
    assert json.loads(get(f"/export/requests.json?{query}").text) == expected


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("requests.xml", 'The format is "xml"; expected csv, json or jsonl'),
        ("requests.csv?kind=talk", 'kind is "talk"; expected chat'),
        ("requests.csv?since=soon", 'since is "soon"; expected a time such as'),
        ("requests.csv?colour=red", '"colour" is no filter; expected session'),
        ("requests.csv?kind=chat&kind=edit", '"kind" is there more than once'),
        ("requests.csv?provider=", 'provider is ""; expected'),
    ],
)
def test_what_cannot_be_meant_is_said(filled_database: Filler, path: str, said: str) -> None:
    answer = get(f"/export/{path}")
    assert answer.status_code == 400
    assert said in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(("site", "status"), [("same-origin", 200), ("none", 200), ("", 200), ("same-site", 403),
                                              ("cross-site", 403)])  # fmt: skip
def test_only_a_page_of_this_dashboard_or_a_person_is_answered(filled_database: Filler, site: str, status: int) -> None:
    headers = {"sec_fetch_site": site} if site else {}
    assert get("/export/requests.csv", **headers).status_code == status
    assert get("/export/report?session=s-0002", **headers).status_code == status


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/export/requests.csv", "/export/report?session=s-0002"])
def test_only_get_is_answered(filled_database: Filler, path: str, method: str) -> None:
    assert get(path, method=method).status_code == 405


def test_a_foreign_host_is_refused(filled_database: Filler) -> None:
    assert get("/export/requests.csv", host="evil.example").status_code == 403


def test_without_a_store_it_says_what_to_do(own_places: object) -> None:
    answer = get("/export/requests.csv")
    assert answer.status_code == 503
    assert "start the proxy once" in answer.text


def test_the_headers_make_a_file_of_it(filled_database: Filler) -> None:
    hostile = 'a"; filename="evil.exe\r\nset-cookie: b=c/../é'
    headers = get(str(httpx.URL("/export/requests.csv", params={"model": hostile}))).headers
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers
    name = headers["content-disposition"].removeprefix('attachment; filename="')
    assert name.startswith("kimi-proxy-requests-a-filename-evil-exe-set-cookie-b-c-") and name.endswith('.csv"')
    assert name.count('"') == 1


def test_a_hostile_name_stays_in_its_cell(filled_database: Filler) -> None:
    lines = csv.DictReader(io.StringIO(get("/export/requests.csv?session=s-0002").text, newline=""))
    assert {line["session_name"] for line in lines} == {HOSTILE}


def test_a_reader_who_leaves_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server says that the reader has left when the third piece is sent; the rest is not even read."""
    read = 0

    def endless(_wanted: object) -> Iterator[dict[str, Any]]:
        nonlocal read
        while True:
            read += 1
            yield dict.fromkeys(EXPORT_COLUMNS, read)

    monkeypatch.setattr(data, "export_rows", endless)
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        if body := message.get("body"):
            sent.append(body)
            if len(sent) == 3:
                raise OSError

    async def receive() -> Any:
        await asyncio.Event().wait()

    scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "method": "GET", "query_string": b"",
             "path": "/export/requests.csv", "headers": [(b"host", b"127.0.0.1")]}  # fmt: skip
    with pytest.raises(ClientDisconnect):
        asyncio.run(asyncio.wait_for(APP(scope, receive, send), 120))
    assert len(sent) == 3
    assert read <= 3 * PIECE_ROWS
