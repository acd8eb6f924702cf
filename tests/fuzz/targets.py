"""What reads bytes that somebody else made, each as a function of bytes: raises only where a promise is broken.

An input that is refused in words (WireError, SettingsError, ConvertError, UserError) is a good outcome.
"""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import msgspec

from addons.domain import convert, tokens
from addons.domain.continue_log import FORMATS as LOG_FORMATS
from addons.domain.continue_log import Reader as LogReader
from addons.domain.masking.digest import Budget, digest
from addons.domain.masking.hints import Hint
from addons.domain.places import ROOT
from addons.domain.provider_errors import classify_error
from addons.domain.providers import Matcher
from addons.domain.reading import Reader
from addons.domain.scrub import holds_secret, safe_path, scrub
from addons.domain.settings import SettingsError, parse
from addons.domain.tokens import TokenCounter
from addons.domain.wire import FORMATS, StreamEvent, WireError
from addons.services.mcp_server import Answers, _result

Target = Callable[[bytes], None]

PIECES = (1, 3, 64)
"""Bytes of the chunks in which a stream is fed again."""


@cache
def counter() -> TokenCounter:
    return TokenCounter()


def _body(wire: str, data: bytes) -> None:
    """A request is read, or refused; without a rewrite its bytes are the same, and each message has its own place."""
    reader = Reader(FORMATS[wire], counter())
    try:
        request = reader.parse(data)
        reading = reader.read(request)
    except WireError:
        return
    assert request.splice({}) == data
    assert request.splice({span: request.raw(span) for span in request.messages}) == data
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(request.messages))
    assert reading.total_tokens >= len(reading.messages)
    again = reader.read(reader.parse(data))
    assert again.total_tokens == reading.total_tokens and again.keys == reading.keys


def openai_body(data: bytes) -> None:
    _body("openai", data)


def gemini_body(data: bytes) -> None:
    _body("gemini", data)


def _stream(wire: str, content_type: str, data: bytes) -> None:
    """However a stream is cut, it tells the same."""

    def told(chunks: Sequence[bytes]) -> list[StreamEvent]:
        reader = FORMATS[wire].stream_reader(content_type)
        return [event for chunk in chunks for event in reader.feed(chunk)] + reader.close()

    whole = told([data])
    for size in PIECES:
        assert told([data[at : at + size] for at in range(0, len(data), size)]) == whole


def openai_stream(data: bytes) -> None:
    _stream("openai", "text/event-stream", data)


def gemini_stream(data: bytes) -> None:
    _stream("gemini", "text/event-stream", data)


def gemini_array(data: bytes) -> None:
    _stream("gemini", "application/json", data)


def answer(data: bytes) -> None:
    for wire in FORMATS.values():
        wire.answer_of_body(data)


def error(data: bytes) -> None:
    """A provider's error in any form has a class, and shows no key."""
    for status in (None, 200, 400, 401, 429, 503):
        found = classify_error(status, data)
        assert scrub(found.message) == found.message


def conversion(data: bytes) -> None:
    """What is converted is JSON of the other format, the same each time; what cannot be is refused in words."""
    for source, target in (("openai", "gemini"), ("gemini", "openai")):
        path = "/v1beta/models/m:streamGenerateContent"
        try:
            converted = convert.request(data, source, target, model="m", path=path)
        except (convert.ConvertError, WireError):
            continue
        assert json.loads(converted.body)
        assert convert.request(data, source, target, model="m", path=path).body == converted.body
        FORMATS[target].parse_request(converted.body)


def ide_log(data: bytes) -> None:
    """However a log is cut, it tells the same, and no key."""
    for form in LOG_FORMATS:
        whole = _events(LogReader(form, lambda stamp: 0), [data])
        parts = _events(LogReader(form, lambda stamp: 0), [data[at : at + 7] for at in range(0, len(data), 7)])
        assert parts == whole


def _events(reader: LogReader, chunks: Sequence[bytes]) -> list[object]:
    return [event for chunk in chunks for event in reader.feed(chunk)] + list(reader.flush())


def settings(data: bytes) -> None:
    try:
        parse([("providers.toml", data.decode("utf-8", "replace"))])
    except SettingsError as refused:
        assert "providers.toml" in str(refused)


def mcp_call(data: bytes) -> None:
    """Any arguments are answered in words, and there is nothing to be read in an empty store."""
    try:
        name, arguments = msgspec.json.decode(data, type=tuple[str, dict[str, object]])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    told = _result(Answers("sqlite:////nonexistent/sessions.db"), name, arguments)
    assert told.isError


@cache
def matcher() -> Matcher:
    text = (ROOT / "providers.toml").read_text(encoding="utf-8")
    return Matcher(parse([("providers.toml", text)]))


def gateway_path(data: bytes) -> None:
    """Whatever the path, it leads to a provider's own host or nowhere."""
    path = data.decode("latin-1")
    target = matcher().gateway_target(path)
    if target is not None:
        assert target.path.startswith("/")
        assert matcher().match(target.host, target.path) is not None
    matcher().match(path[:40], path)


def secrets(data: bytes) -> None:
    """What is scrubbed once is clean."""
    text = data.decode("utf-8", "replace")
    clean = scrub(text)
    assert not holds_secret(clean)
    assert scrub(safe_path(text)) == safe_path(text)


def masking(data: bytes) -> None:
    """A digest is shorter than its original, and the same each time."""
    text = data.decode("utf-8", "replace") * 4  # a text too short has no digest
    budget = Budget()
    made = digest(text, hint=Hint(), budget=budget, count=counter().count)
    assert made is None or made.tokens_after < made.tokens_before
    assert digest(text, hint=Hint(), budget=budget, count=counter().count) == made


def counted(data: bytes) -> None:
    """Any text has a count, and no more tokens than bytes."""
    text = data.decode("utf-8", "replace")
    assert 0 <= counter().count(text) <= len(text.encode())
    assert "".join(tokens.chunks(text)) == text


TARGETS: dict[str, Target] = {
    function.__name__: function
    for function in (
        *(openai_body, gemini_body, openai_stream, gemini_stream, gemini_array, answer, error, conversion),
        *(ide_log, settings, mcp_call, gateway_path, secrets, masking, counted),
    )
}

_DATA = ROOT / "tests" / "data"
_SEEDS = {
    "openai_body": "continue/*.json",
    "gemini_body": "continue/gemini*.json",
    "conversion": "continue/*.json",
    "openai_stream": "openai/*.sse",
    "gemini_stream": "gemini/*.sse",
    "gemini_array": "gemini/*.json",
    "answer": "gemini/*.json",
    "ide_log": "continue/logs/*",
    "masking": "masking/*",
    "secrets": "continue/logs/*",
    "counted": "masking/*",
}
_WRITTEN: dict[str, tuple[bytes, ...]] = {
    "answer": (b'{"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}',),
    "error": (
        b'{"error":{"message":"Rate limit reached for org-1a2b","code":"rate_limit_exceeded"}}',
        b"<html>502</html>",
    ),
    "settings": (b'[providers.x]\nname="X"\nhosts=["x.test"]\n', b'[masking]\npolicy = "always"\nkeep_recent = 3\n'),
    "mcp_call": (
        b'["retrieve_original", {"digest": "k1:00", "lines": "1-3", "pattern": "a+"}]',
        b'["search_originals", {"query": "a b"}]',
    ),
    "gateway_path": (b"/kimi-code/v1/chat/completions", b"/gemini/v1beta/models/m:generateContent?key=1"),
    "secrets": (b"Authorization: Bearer sk-kimi-0a1b2c3d4e5f6g7h8i9j?key=AIzaSy0",),
}
SEED_BYTES = 4_000
"""A larger sample is cut: a fuzzer learns little from it and needs long for each."""


def seeds(name: str) -> Iterator[bytes]:
    """Inputs to begin with: recorded samples, whole or cut."""
    yield from _WRITTEN.get(name, ())
    if pattern := _SEEDS.get(name):
        yield from (file.read_bytes()[:SEED_BYTES] for file in sorted(_DATA.glob(pattern)) if file.is_file())
