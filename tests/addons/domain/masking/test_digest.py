"""What holds for every digest, whatever the content."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain.masking.digest import OVERHEAD_TOKENS, Budget, Digest, digest
from addons.domain.masking.document import Hint
from addons.domain.masking.outline import PARSE_BYTES
from addons.domain.masking.placeholder import content_tag, render

SMALL = Budget(share=0.2, least=60, most=500, enough=0.9)
SAMPLES = {
    "pytest.txt": "test run",
    "jest.txt": "test run",
    "cargo_test.txt": "test run",
    "change.diff": "diff",
    "sample.py": "source file",
    "sample.ts": "source file",
}


def count(text: str) -> int:
    return (len(text) + 3) // 4


def placed(result: Digest, text: str) -> str:
    return render(
        result.text,
        kind=result.kind,
        omitted=result.left_out,
        tokens=result.tokens_before,
        tag=content_tag(text),
        tool_name=None,
    )


@pytest.mark.parametrize(("name", "kind"), SAMPLES.items())
def test_the_rule_is_chosen_by_content(sample: Callable[[str], str], name: str, kind: str) -> None:
    result = digest(sample(name), hint=Hint(), budget=SMALL, count=count)
    assert result is not None
    assert result.kind == kind
    assert result.tokens_after < result.tokens_before


def test_logs_searches_listings_and_json_have_their_rules(server_log: str, grep_output: str, ls_output: str) -> None:
    rows = "[" + ",".join(f'{{"id": {n}, "name": "n{n}"}}' for n in range(900)) + "]"
    kinds = []
    for text in (server_log, grep_output, ls_output, rows):
        result = digest(text, hint=Hint(), budget=Budget(), count=count)
        kinds.append(result.kind if result else None)
    assert kinds == ["log", "list of search results", "listing", "JSON document"]


def test_the_status_line_ends_the_digest(sample: Callable[[str], str]) -> None:
    result = digest(sample("pytest.txt"), hint=Hint(), budget=SMALL, count=count)
    assert result is not None
    assert result.text.endswith("\n[Status: Command failed with exit code 1]")


def test_short_texts_stay() -> None:
    assert digest("one line\n" * 20, hint=Hint(), budget=Budget(), count=count) is None
    assert digest("", hint=Hint(), budget=Budget(), count=count) is None


def test_a_digest_is_not_digested_again(server_log: str) -> None:
    result = digest(server_log, hint=Hint(), budget=Budget(), count=count)
    assert result is not None
    assert digest(placed(result, server_log), hint=Hint(), budget=SMALL, count=count) is None


def test_what_was_left_out_is_said(server_log: str) -> None:
    result = digest(server_log, hint=Hint(), budget=Budget(), count=count)
    assert result is not None
    assert "levels: ERROR 1" in result.left_out
    assert "lines like those marked × folded" in result.left_out


def test_the_middle_of_a_very_long_text_is_said_not_to_be_looked_at() -> None:
    text = "\n".join(f"worker {n % 8} did item {n}" for n in range(30_000))
    result = digest(text, hint=Hint(), budget=Budget(), count=count)
    assert result is not None
    assert "lines 10001-20000 not looked at" in result.left_out
    assert (10_001, 20_000) in result.omitted


words = st.sampled_from(
    [
        "error",
        "ok",
        "12",
        "4096",
        "a.py:3:",
        "{",
        "}",
        "def f():",
        "WARN",
        "x = 1",
        "├──",
        "@@ -1 +1 @@",
        "PASSED",
        "\t",
        "|",
    ]
)
lines = st.lists(words | st.text(max_size=12), max_size=6).map(" ".join)
texts = st.lists(lines, min_size=1, max_size=60).map(lambda rows: "\n".join(rows * 3))
hints = st.sampled_from([Hint(), Hint(path="a.py"), Hint(path="b.rs"), Hint(path="n.md"), Hint(language="diff")])


@given(texts, hints)
@settings(max_examples=150, deadline=None)
def test_a_digest_is_shorter_the_same_each_time_and_final(text: str, hint: Hint) -> None:
    budget = Budget(share=0.2, least=10, most=400, enough=1.0)
    result = digest(text, hint=hint, budget=budget, count=count)
    assert result == digest(text, hint=hint, budget=budget, count=count)
    if result is not None:
        assert result.tokens_after == count(result.text) + count(result.left_out)
        assert result.tokens_after + OVERHEAD_TOKENS <= count(text)
        assert count(placed(result, text)) < count(text)
        assert digest(placed(result, text), hint=hint, budget=budget, count=count) is None


ERRORS = [
    "ERROR cannot open ledger-{}",
    "fatal: no such ref {}",
    "ValueError: bad token {}",
    "connection refused by 10.0.0.{}",
]


@given(st.integers(0, 2**32), st.sampled_from(ERRORS), st.integers(300, 900))
@settings(max_examples=40, deadline=None)
def test_errors_are_kept_wherever_they_stand(seed: int, error: str, length: int) -> None:
    chance = random.Random(seed)
    rows = [
        f"2026-11-22 08:00:00 INFO step {chance.randrange(99)} of {chance.choice('abc')} done" for _ in range(length)
    ]
    told = error.format(chance.randrange(10, 99))
    rows[chance.randrange(length)] = told
    result = digest("\n".join(rows), hint=Hint(), budget=Budget(), count=count)
    assert result is not None
    assert told in result.text


FACTS = ["pool limit is KX-{}", "cache of tenant bay-{}-delta", "listening on port 4{}7", "rolled back to v3.{}.9"]


@given(st.integers(0, 2**32), st.sampled_from(FACTS))
@settings(max_examples=25, deadline=None)
def test_a_value_unlike_the_rest_is_kept(seed: int, fact: str) -> None:
    chance = random.Random(seed)
    rows = [
        f"{chance.choice(('fetch', 'store', 'index'))} part {chance.randrange(10)} {chance.choice(('done', 'skipped'))}"
        for _ in range(500)
    ]
    told = fact.format(chance.randrange(10, 99))
    rows[chance.randrange(500)] = told
    result = digest("\n".join(rows), hint=Hint(), budget=Budget(), count=count)
    assert result is not None
    assert told in result.text


HOSTILE = {
    "newlines": "\n",
    "spaces": " ",
    "one line": "a",
    "brackets": "[",
    "fields": '{"a":',
    "errors": "error x\n",
    "hits": "a/b.py:1:b\n",
    "heads": "--- a\n",
    "unfinished code": "def f(\n",
    "digits": "1",
    "tokens": "a-",
    "hexadecimal": "f0",
    "rows": "12 ab  3\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_of_five_megabytes_end(name: str) -> None:
    unit = HOSTILE[name]
    text = unit * (5_000_000 // len(unit))
    result = digest(text, hint=Hint(), budget=Budget(), count=count)
    assert result is None or result.tokens_after <= 3300


@pytest.mark.parametrize("unit", ["def f(\n", "error x\n", "{ [ ( '\n", "class A:\n  x = 1\n"])
def test_hostile_texts_that_are_parsed_end(unit: str) -> None:
    text = unit * (PARSE_BYTES // len(unit))
    result = digest(text, hint=Hint(path="x.py"), budget=Budget(), count=count)
    assert result is None or result.tokens_after <= 3300
