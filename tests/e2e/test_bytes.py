"""What is not rewritten goes through byte for byte, in both directions; what is nobody's business stays unseen."""

import gzip
import socket
import ssl

import httpx
import pytest

from addons.services.simulator.hosts import TUNNELLED
from addons.services.simulator.script import Answer
from tests.e2e.harness import Case, Product, Way

pytestmark = pytest.mark.e2e

HOST, BASE = "api.kimi.com", "/coding/v1"
KEY = "sk-kimi-f4k3f4k3f4k3f4k3f4k3f4k3"

BODIES = {
    "as the SDK writes it": b'{"model":"kimi-for-coding","messages":[{"role":"user","content":"Hi"}],"stream":true}',
    "white space, escapes, numbers, unknown fields": (
        b'{ "model" : "kimi-for-coding",\r\n\t"messages":[ {"role":"user", "content":"\\u00e9\xc3\xa9\\/\\ud83d"} ],'
        b'"temperature":1e0, "seed":123456789012345678901234567890, "x":{"a":1,"a":2}, "top_p":1.0 }'
    ),
    "an empty list of messages": b'{"model":"kimi-for-coding","messages":[]}',
    "no JSON": b"\xff\xfe this is not JSON",
    "no body": b"",
    "two megabytes": b'{"model":"kimi-for-coding","metadata":"' + b"x" * 2_000_000 + b'","messages":[]}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_request_arrives_as_it_was_sent(case: Case, way: Way, body: bytes) -> None:
    headers = {
        "authorization": f"Bearer {KEY}",
        "content-type": "application/json",
        "user-agent": "ls/JS 5.23.2",
        "x-stainless-retry-count": "0",
        "x-msh-platform": "kimi-cli",
    }
    url = way.base_url("kimi-code", HOST, BASE) + "/chat/completions?a=%2F&b=c%20d"
    with way.client() as client:
        client.post(url, headers=headers, content=body)
    (received,) = case.received()
    assert received.body == body
    assert (received.method, received.host) == ("POST", HOST)
    assert received.path == "/coding/v1/chat/completions?a=%2F&b=c%20d"
    assert {name: received.header(name) for name in headers} == headers
    case.rows(1)


def test_a_compressed_request_stays_compressed(case: Case, way: Way) -> None:
    body = gzip.compress(BODIES["as the SDK writes it"])
    headers = {"content-type": "application/json", "content-encoding": "gzip", "authorization": f"Bearer {KEY}"}
    with way.client() as client:
        client.post(way.base_url("kimi-code", HOST, BASE) + "/chat/completions", headers=headers, content=body)
    (received,) = case.received()
    assert received.body == body
    assert case.rows(1)[0]["model"] == "kimi-for-coding"


ANSWERS = {
    "JSON with white space": Answer(body=b'{ "id":1,\n "choices":[] }'),
    "no JSON": Answer(body=b"<html>Bad gateway</html>", status=502, content_type="text/html"),
    "a stream with CRLF and comments": Answer(
        body=b': hello\r\n\r\nevent: x\r\ndata: {"choices":[]}\r\n\r\ndata: [DONE]\r\n\r\n',
        content_type="text/event-stream",
    ),
    "a stream that is not UTF-8": Answer(body=b"data: \xff\xfe\n\ndata: {\n\n", content_type="text/event-stream"),
    "a stream in single bytes": Answer(text="Größe", write_bytes=1),
    "a mistake with headers": Answer(status=429, body=b"{}", headers={"retry-after": "17", "x-trace-id": "t-1"}),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_arrives_as_it_was_sent(case: Case, way: Way, answer: Answer) -> None:
    case.simulator.script.answer(answer)
    body = BODIES["as the SDK writes it"]
    with way.client() as client:
        url = way.base_url("kimi-code", HOST, BASE) + "/chat/completions"
        response = client.post(url, headers={"authorization": f"Bearer {KEY}"}, content=body)
    if answer.body is not None:
        assert response.content == answer.body
        assert response.status_code == answer.status
    assert {name: response.headers[name] for name in answer.headers} == answer.headers
    case.rows(1)


def test_an_answer_that_is_compressed_although_nobody_asked_is_still_counted(case: Case, way: Way) -> None:
    case.simulator.script.answer(Answer(text="Hello", gzip=True))
    with way.client() as client:
        url = way.base_url("kimi-code", HOST, BASE) + "/chat/completions"
        response = client.post(url, content=BODIES["as the SDK writes it"])
    assert "Hello" in response.text
    (row,) = case.rows(1)
    assert (row["usage_source"], row["outcome"]) == ("reported", "ok")


def test_a_host_that_is_no_providers_is_tunnelled_unseen(case: Case) -> None:
    """The client sees the server's own certificate, not one that the proxy made."""
    trusts_the_server_only = ssl.create_default_context(cafile=str(case.simulator.authority))
    with httpx.Client(proxy=case.product.proxy_url, verify=trusts_the_server_only, trust_env=False) as client:
        assert client.get(f"https://{TUNNELLED}/").status_code == 404
    assert case.received()[0].host == TUNNELLED
    assert case.rows(0) == []


def test_a_project_header_is_recorded_and_not_forwarded(case: Case, way: Way) -> None:
    with way.client() as client:
        url = way.base_url("kimi-code", HOST, BASE) + "/chat/completions"
        client.post(url, headers={"x-kimi-project": "shop"}, content=BODIES["as the SDK writes it"])
    assert case.received()[0].header("x-kimi-project") == ""
    assert case.rows(1)[0]["project"] == "shop"


KEYS = {
    "bearer": ({"authorization": f"Bearer {KEY}"}, ""),
    "api-key": ({"api-key": KEY, "x-api-key": KEY}, ""),
    "google's header": ({"x-goog-api-key": KEY}, ""),
    "in the address": ({}, f"?key={KEY}"),
    "a cookie": ({"cookie": f"session={KEY}"}, ""),
}


def test_no_key_is_kept_anywhere(case: Case) -> None:
    way = Way(case.product, gateway=False)
    echo = b'{"error":{"message":"Incorrect API key provided: %s","type":"invalid_request_error"}}' % KEY.encode()
    for headers, query in KEYS.values():
        case.simulator.script.answer(Answer(status=401, body=echo), Answer(reset=True))
        with way.client() as client:
            url = way.base_url("kimi-code", HOST, BASE) + "/chat/completions" + query
            for _ in range(2):
                client.post(url, headers=headers, content=BODIES["as the SDK writes it"])
    case.rows(2 * len(KEYS))
    assert found_in(case.product, KEY) == []


def found_in(product: Product, text: str) -> list[str]:
    """The files of the product, its log among them, that hold the text."""
    files = [file for file in product.folder.rglob("*") if file.is_file()]
    assert product.database in files
    return [str(file) for file in files if text.encode() in file.read_bytes()]


def test_a_client_without_our_certificate_is_told_by_tls(product: Product) -> None:
    with socket.create_connection(("127.0.0.1", product.ports.proxy)) as plain:
        plain.sendall(b"CONNECT api.kimi.com:443 HTTP/1.1\r\nHost: api.kimi.com:443\r\n\r\n")
        assert b"200" in plain.recv(1000)
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(plain, server_hostname=HOST)
