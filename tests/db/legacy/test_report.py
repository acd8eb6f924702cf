"""What is said of an import."""

from db.legacy.items import Amounts, Item
from db.legacy.report import Report, in_words, total


def item(number: int, *notes: str, **amounts: int) -> Item:
    return Item(
        key=str(number),
        table="metrics",
        old_id=str(number),
        session_id=None,
        becomes=None,
        amounts=Amounts(**amounts),
        notes=notes,
    )


def test_a_report_counts_rows_sums_and_oddities() -> None:
    report = Report(keys=2)
    items = [
        item(1, "estimate only", estimated_tokens=1_500, prompt_tokens=1_500),
        item(2, "estimate only", estimated_tokens=10, overwritten_tokens=10, prompt_tokens=7, completion_tokens=3),
        item(3, "known, so not counted", memory_tokens=5),
    ]
    report.add("metrics", items, items[:2])
    report.add("providers", [], [])
    assert in_words(report) == [
        "metrics: 3 rows, 2 new as requests, 1 imported before",
        "  2: estimate only",
        "providers: 0 rows, 0 new as events",
        "tokens of the new requests: prompt 1,507, completion 3, memory 0, estimated 1,510 (10 of it reported totals)",
        "API keys of 2 providers are in the old file; they were not read, nor copied",
    ]
    assert report.new == 2


def test_sums_of_nothing_are_zero() -> None:
    assert total([]) == Amounts(0, 0, 0, 0, 0)
