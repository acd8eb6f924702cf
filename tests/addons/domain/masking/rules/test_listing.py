from collections.abc import Callable

import pytest

from addons.domain.masking.document import Hint
from addons.domain.masking.rules import listing
from addons.domain.masking.selection import Body


def test_what_is_the_same_in_every_row_is_said_once(shortened: Callable[..., Body], ls_output: str) -> None:
    body = shortened(listing.read, ls_output, 5000)
    assert body.complete
    assert body.how == "in every row that is not shown whole also: -rw-r--r-- 1 root root Nov 22 05:51"
    assert "module_140.py 9481223" in body.text
    assert len(body.text) < len(ls_output) / 2


def test_extremes_and_exceptions_stay_and_the_rest_is_counted(shortened: Callable[..., Body], ls_output: str) -> None:
    body = shortened(listing.read, ls_output, 300)
    assert "9481223" in body.text
    assert "-rwxr-xr-x 1 root root 1539 Nov 22 05:51 lib/pkg17/module_77.py" in body.text
    assert any(note.startswith("300 rows") for note in body.notes)
    assert any("sum" in note for note in body.notes)


def test_a_table_of_names_and_versions_stays_whole_where_it_fits(
    shortened: Callable[..., Body], sample: Callable[[str], str]
) -> None:
    body = shortened(listing.read, sample("pip_list.txt"), 400)
    assert body.complete
    assert "orders-vault 12.4.9" in body.text


def test_paths_go_below_their_directories(shortened: Callable[..., Body]) -> None:
    paths = [f"./src/part_{n % 6}/file_{n}.ts" for n in range(120)] + ["./LICENSE"]
    body = shortened(listing.read, "\n".join(paths), 4000)
    assert body.complete
    assert "./src/part_0/ (20): file_0.ts, file_6.ts" in body.text
    assert "./LICENSE" in body.text


def test_a_large_tree_tells_suffixes(shortened: Callable[..., Body]) -> None:
    rows = ["."] + [f"├── module_{n}.{'py' if n % 3 else 'md'}" for n in range(200)]
    body = shortened(listing.read, "\n".join(rows), 100)
    assert "by suffix: .py 133, .md 67" in "; ".join(body.notes)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(["A text that lists nothing.", "It goes on, one sentence after another, and then ends."] * 15),
        "\n".join(f"    value_{n} = compute(a, b)" for n in range(30)),
        "a\nb\nc",
    ],
    ids=["prose", "code", "short"],
)
def test_other_texts_are_no_listing(applies: Callable[..., bool], text: str) -> None:
    assert not applies(listing.read, text)


def test_a_file_that_was_read_is_no_listing(applies: Callable[..., bool], ls_output: str) -> None:
    assert not applies(listing.read, ls_output, Hint(path="notes.txt"))
