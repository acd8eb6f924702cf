"""The soak in short: what grows with every request shows after some hundred of them."""

from pathlib import Path

import pytest

from tests.soak.__main__ import recorder, soak
from tests.soak.pace import pace
from tests.soak.verdicts import flat

pytestmark = pytest.mark.e2e

UNFILLED = {"memory"}
"""What is remembered of the latest sessions fills up over more requests than these."""


def test_some_hundred_requests_leave_nothing_open_or_behind(tmp_path: Path) -> None:
    missed = [row for row in soak(requests=300, minutes=None, concurrency=8, folder=tmp_path) if not row.holds]
    assert not [row for row in missed if row.what not in UNFILLED], missed


def test_as_fast_as_it_goes_and_in_a_burst_every_record_is_written(tmp_path: Path) -> None:
    *rates, records = pace(tmp_path, requests=200)
    assert len(rates) == 4
    assert records.holds, records


def test_the_recorder_takes_200_records_a_second_and_far_more(tmp_path: Path) -> None:
    paced, limit = recorder(tmp_path, seconds=2.0, records=4_000)
    assert paced.holds, paced
    assert "0 dropped" in limit.found


@pytest.mark.parametrize(
    ("values", "expected"),
    [([20, 21, 20, 21], True), ([20, 30, 40, 50], False), ([20], True), ([36, 36, 20, 20], True)],
    ids=["to and fro", "growing", "one look", "falling"],
)
def test_flat_means_no_more_in_the_later_half(values: list[int], expected: bool) -> None:
    assert flat(values) is expected
