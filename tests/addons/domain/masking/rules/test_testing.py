from collections.abc import Callable

import pytest

from addons.domain.masking.document import Hint
from addons.domain.masking.rules import testing
from addons.domain.masking.selection import Body

TOLD = {
    "pytest.txt": [
        "E       AssertionError: assert Decimal('76.35') == Decimal('68.69')",
        "tests/test_invoice.py:88: AssertionError",
        "E           Failed: DID NOT RAISE <class 'app.ledger.PeriodClosed'>",
        "tests/test_ledger.py:131: Failed",
        "no reduced rate for DE",
        "4127 ms",
        "2 failed, 44 passed, 1 skipped in 3.18s",
    ],
    "jest.txt": [
        "● price › adds shipping above the free limit",
        "Expected: 4990",
        "Received: 5480",
        "(src/checkout/price.test.ts:43:27)",
        "Tests:       1 failed, 16 passed, 17 total",
    ],
    "cargo_test.txt": [
        "test probe::tests::checks_the_crc ... FAILED",
        "panicked at src/probe.rs:214:9",
        "left: 41207",
        "right: 9184",
        "test result: FAILED. 10 passed; 1 failed",
    ],
}
OTHERS = {
    "go": [
        *("=== RUN   TestA", "--- PASS: TestA (0.00s)", "=== RUN   TestB", "    b_test.go:14: got 3, want 4"),
        *("--- FAIL: TestB (0.00s)", "FAIL", "FAIL\tx/y\t0.01s"),
    ],
    "unittest": [
        *("test_a (m.T.test_a) ... ok", "test_b (m.T.test_b) ... FAIL", "", "FAIL: test_b (m.T.test_b)"),
        *("AssertionError: 1 != 2", "", "Ran 2 tests in 0.001s", "", "FAILED (failures=1)"),
    ],
    "mocha": [
        "  cart",
        "    ✔ adds",
        "    ✔ removes",
        "    ✔ keeps",
        "    1) fails",
        "",
        "  3 passing (4ms)",
        "  1 failing",
    ],
}


@pytest.mark.parametrize("name", TOLD)
def test_failures_are_told_in_full_and_passes_counted(
    sample: Callable[[str], str], shortened: Callable[..., Body], name: str
) -> None:
    body = shortened(testing.read, sample(name), len(sample(name)) // 9)
    assert [told for told in TOLD[name] if told not in body.text] == []
    assert any("passed or skipped tests" in note for note in body.notes)


@pytest.mark.parametrize("name", OTHERS)
def test_other_runners_are_recognised(applies: Callable[..., bool], name: str) -> None:
    assert applies(testing.read, "\n".join(OTHERS[name]))


def test_a_source_file_with_tests_is_not_a_run(applies: Callable[..., bool], sample: Callable[[str], str]) -> None:
    assert not applies(testing.read, sample("pytest.txt"), Hint(path="tests/test_x.py"))
    assert not applies(testing.read, sample("sample.py"))


def test_the_short_summary_is_not_repeated_where_the_failure_is_told(
    sample: Callable[[str], str], shortened: Callable[..., Body]
) -> None:
    text = shortened(testing.read, sample("pytest.txt"), 380).text
    assert "___ TestTotals.test_vat_reduced" in text
    assert text.count("DID NOT RAISE") == 1
