"""The message that stands for the oldest exchanges."""

import json
from dataclasses import replace

import pytest

from addons.domain.compression.summary import ANSWER, Summary, Trigger, content, kept_text, rendered
from addons.domain.messages import Role
from addons.domain.tokens import TokenCounter

COUNTER = TokenCounter()
SUMMARY = Summary(
    session_id="s-1",
    created_at_ms=1_790_000_000_000,
    keys=b"k" * 64,
    text="Files:\n- read: “a”.py",
    trigger=Trigger.PRESSURE,
    kept_exchanges=5,
    messages=4,
    tokens_before=9_000,
    tokens_after=500,
    prompt_tokens_before=28_000,
)


def test_its_text_says_what_it_is_and_where_it_ends() -> None:
    text = content(replace(SUMMARY, request="Fix the fee"))
    assert text.startswith("[Summary of the 4 oldest messages of this conversation, which are left out here.")
    assert "\nFiles:\n- read: “a”.py\nThe person's latest request among them, in their words: Fix the fee\n" in text
    assert text.endswith("[End of the summary. The conversation goes on below.]")
    assert SUMMARY.prompt_tokens_after == 19_500


@pytest.mark.parametrize(
    ("wire", "before", "expected"),
    [
        ("openai", Role.ASSISTANT, [{"role": "user", "content": content(SUMMARY)}]),
        (
            "openai",
            Role.USER,
            [{"role": "user", "content": content(SUMMARY)}, {"role": "assistant", "content": ANSWER}],
        ),
        ("gemini", Role.ASSISTANT, [{"role": "user", "parts": [{"text": content(SUMMARY)}]}]),
        (
            "gemini",
            Role.USER,
            [{"role": "user", "parts": [{"text": content(SUMMARY)}]}, {"role": "model", "parts": [{"text": ANSWER}]}],
        ),
    ],
    ids=["openai", "openai, before the user", "gemini", "gemini, before the user"],
)
def test_the_roles_alternate_whatever_follows(wire: str, before: Role, expected: object) -> None:
    assert json.loads(b"[" + rendered(SUMMARY, wire, before) + b"]") == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  short \n", "short"),
        ("curl -H 'Authorization: Bearer sk-abcdefgh12345678'", "curl -H 'Authorization: Bearer [key]'"),
        ("a\0b\ud800", "ab?"),
        ("\n".join(f"line {number}" for number in range(99)), "line 0\nline 1\nline 2\nline 3"),
    ],
    ids=["white space", "a secret", "what no store takes", "too long"],
)
def test_what_is_kept_of_a_text(text: str, kept: str) -> None:
    assert kept_text(text, 20, COUNTER.count) == kept


def test_one_long_line_is_cut() -> None:
    assert 10 < COUNTER.count(kept_text("word " * 999, 50, COUNTER.count)) <= 50
