from addons.domain.masking.entries import Entry, Layout, choose_entries, write

ENTRIES = [
    Entry("a/", "x 1", 1.0, (1,)),
    Entry("a/", "y 2", 3.0, (2, 5)),
    Entry("b/", "z 3", 2.0, (3,)),
    Entry("c/", "w 4", 0.5, (4,)),
]


def test_what_tells_most_is_chosen_within_the_budget() -> None:
    assert choose_entries(ENTRIES, 0.25, 10) == {1}
    assert choose_entries(ENTRIES, 0.25, 1000) == {0, 1, 2, 3}


def test_headings_say_how_many_there_were_and_others_are_named() -> None:
    body = write(ENTRIES, {1, 2}, Layout(unit="rows"))
    assert body.text == "a/ (3, 2 shown)\ny 2\nb/ (1)\nz 3"
    assert body.omitted == ((1, 1), (4, 4))
    assert body.notes == ("1 rows in 1 others: c/ (1)",)


def test_inline_groups_take_one_line_and_single_names_their_whole_path() -> None:
    body = write(ENTRIES, {0, 1, 2, 3}, Layout(inline=True))
    assert body.text == "a/ (3): x 1, y 2\nb/z 3\nc/w 4"
    assert body.complete
