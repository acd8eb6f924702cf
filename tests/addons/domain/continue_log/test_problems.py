"""What is kept of an error."""

import pytest

from addons.domain.continue_log.problems import MAX_MESSAGE_CHARS, problem, short

KEPT = {
    "the first line": ("401 Invalid\nprivate words", "401 Invalid"),
    "not what the server answered": (
        "Malformed JSON sent from server: private words",
        "Malformed JSON sent from server",
    ),
    "not a body": ('500 {"error": "private words"}', "500"),
    "not a page": ("502 <html>private words", "502"),
    "not a long quotation": (f'400 Invalid value "{"private words " * 5}" here', "400 Invalid value … here"),
    "a short quotation": ('Unknown tool "foo"', 'Unknown tool "foo"'),
    "not what an address asks for": (
        "HTTP 400 from https://host.test/v1/models/m?key=AIzaSyA1234567890&x=1 now",
        "HTTP 400 from https://host.test/v1/models/m now",
    ),
    "no key": ("401 Incorrect API key provided: sk-kimi-abcdef123456", "401 Incorrect API key provided: [key]"),
    "one space for many": ("a\t b  ", "a b"),
}


@pytest.mark.parametrize(("text", "kept"), KEPT.values(), ids=KEPT.keys())
def test_what_is_kept(text: str, kept: str) -> None:
    assert short(text) == kept


def test_a_long_line_is_cut() -> None:
    assert len(short("word " * 1_000)) == MAX_MESSAGE_CHARS


CLASSES = {
    "by status": ("429 slow down", "rate", 429),
    "by status, in words": ("HTTP 503 Service Unavailable from https://x.test", "overload", 503),
    "by words": ("Rate limit reached", "rate", None),
    "by the words of a body": ('HTTP 400 Bad Request\n\n{"error":{"code":"context_length_exceeded"}}', "context", 400),
    "the network's": (
        "request to https://x.test failed, reason: connect ECONNREFUSED 127.0.0.1:8080",
        "transport",
        None,
    ),
    "a certificate's": ("unable to verify the first certificate", "transport", None),
    "prefixes say nothing": ("Error: Error: 401 Invalid", "auth", 401),
    "unknown": ("Cannot read properties of undefined", "", None),
    "a number is no status": ("4290 files", "", None),
}


@pytest.mark.parametrize(("text", "error_class", "status"), CLASSES.values(), ids=CLASSES.keys())
def test_the_class_and_the_status(text: str, error_class: str, status: int | None) -> None:
    found = problem(text)
    assert (found.error_class, found.status) == (error_class, status)
