from collections.abc import Callable

import pytest

from addons.domain.masking.rules import search_results
from addons.domain.masking.selection import Body

FORMS = {
    "grep -rn": "src/a_{n}.py:{n}0: call(x)",
    "grep -r": "src/a_{n}.py:call(x)",
    "ripgrep with columns": "src/a_{n}.py:{n}0:7:call(x)",
    "context": "src/a_{n}.py-{n}0-call(x)",
    "windows": "C:\\src\\a_{n}.py:{n}0: call(x)",
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_are_recognised(applies: Callable[..., bool], form: str) -> None:
    assert applies(search_results.read, "\n".join(FORMS[form].format(n=n) for n in range(20)))


@pytest.mark.parametrize(
    "text",
    ["\n".join(f"12:{n:02d}:00 INFO started" for n in range(20)), "\n".join(f"key_{n}: value" for n in range(20))],
    ids=["log", "yaml"],
)
def test_other_texts_are_not(applies: Callable[..., bool], text: str) -> None:
    assert not applies(search_results.read, text)


def test_equal_hits_of_a_file_are_joined(shortened: Callable[..., Body], grep_output: str) -> None:
    body = shortened(search_results.read, grep_output, 5000)
    assert body.complete
    assert " 10,30,50,70,90" in body.text
    assert len(body.text) < len(grep_output) / 5


def test_the_hit_unlike_all_others_stays_and_the_common_one_is_counted(
    shortened: Callable[..., Body], grep_output: str
) -> None:
    body = shortened(search_results.read, grep_output, 60)
    assert "MAX_BACKLOG = 5381" in body.text
    assert "src/service_10/legacy.py" in body.text
    assert body.notes[0] == "400 hits in 21 files"
    assert any("timeout=timeout, ×" in note for note in body.notes)


def test_the_tools_own_remark_stays(shortened: Callable[..., Body], grep_output: str) -> None:
    remark = "Warning: the results above were truncated to the first 100 files."
    assert remark in shortened(search_results.read, f"{grep_output}\n{remark}", 120).text
