"""The providers' errors, read from failures.toml beside this file."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("failures.toml")
FALLBACK = {"moonshot": "kimi"}


@dataclass(frozen=True, slots=True)
class Failure:
    status: int
    body: str
    """JSON, verbatim."""
    headers: dict[str, str] = field(default_factory=dict)


@cache
def failures() -> dict[str, dict[str, Failure]]:
    """By dialect and case."""
    own = msgspec.toml.decode(FILE.read_bytes(), type=dict[str, dict[str, Failure]])
    return own | {name: own[other] | own[name] for name, other in FALLBACK.items()}


def failure(dialect: str, case: str) -> Failure:
    """:raises KeyError: naming the cases this provider has."""
    cases = failures()[dialect]
    if case not in cases:
        raise KeyError(f"simulator: {dialect} has no error {case!r}; expected one of {', '.join(sorted(cases))}")
    return cases[case]


def failure_event(dialect: str, case: str) -> bytes:
    """The error object inside a stream whose status was 200, as JSON."""
    found = failure(dialect, case)
    if dialect == "openrouter":
        choices = b'"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]'
        return b"%s,%s}" % (found.body.encode().removesuffix(b"}"), choices)
    if dialect == "cerebras":
        return b'{"error":%s,"status_code":%d}' % (found.body.encode(), found.status)
    return found.body.encode()
