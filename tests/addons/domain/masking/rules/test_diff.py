from collections.abc import Callable

import pytest

from addons.domain.masking.document import Hint
from addons.domain.masking.rules import diff
from addons.domain.masking.selection import Body


@pytest.mark.parametrize("budget", [150, 260])
def test_every_file_and_hunk_stays_with_its_counts(
    sample: Callable[[str], str], shortened: Callable[..., Body], budget: int
) -> None:
    text = shortened(diff.read, sample("change.diff"), budget).text
    assert "diff --git a/deploy/limits.yaml b/deploy/limits.yaml  (+1 -1)" in text
    assert "b/src/queue/worker.py  (+11 -5)" in text
    assert "b/src/queue/legacy.py  (+0 -6)" in text
    assert text.count("@@ -") == 3


def test_changed_values_come_before_unchanged_lines(
    sample: Callable[[str], str], shortened: Callable[..., Body]
) -> None:
    text = shortened(diff.read, sample("change.diff"), 300).text
    for told in ("+    deadline_ms: 4750", "OPS-1731", "-LEGACY_PORT = 7421", "deleted file mode"):
        assert told in text
    assert "workers: 4" not in text


def test_a_plain_diff_without_git_is_recognised(applies: Callable[..., bool]) -> None:
    assert applies(diff.read, "--- a.txt\n+++ b.txt\n@@ -1,2 +1,2 @@\n-x\n+y\n z\n")
    assert applies(diff.read, "@@ -1,2 +1,2 @@\n-x\n+y\n z\n", Hint(language="diff"))


def test_a_list_with_dashes_is_no_diff(applies: Callable[..., bool]) -> None:
    assert not applies(diff.read, "- one\n- two\n+ three\n" * 20)


def test_removed_lines_that_look_like_a_head_open_no_file(shortened: Callable[..., Body]) -> None:
    head = "diff --git a/q.sql b/q.sql\n--- a/q.sql\n+++ b/q.sql\n"
    text = f"{head}@@ -1,3 +1,2 @@\n--- old remark\n-select 1;\n+select 2;\n"
    assert "q.sql  (+1 -2)" in shortened(diff.read, text, 400).text
