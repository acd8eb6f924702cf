import re

from hypothesis import given
from hypothesis import strategies as st

from addons.domain.convert.ids import fitting_name, short_id

ACCEPTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@given(st.lists(st.text() | st.binary() | st.integers()))
def test_an_id_is_what_mistral_takes(parts: list[str | bytes | int]) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9]{9}", short_id(*parts))
    assert short_id(*parts) == short_id(*parts)


def test_parts_are_told_apart() -> None:
    assert short_id("ab", "c") != short_id("a", "bc")


@given(st.text(max_size=100))
def test_a_name_always_fits_and_a_fitting_one_stays(name: str) -> None:
    fitted = fitting_name(name, ACCEPTED, 64)
    assert ACCEPTED.fullmatch(fitted)
    assert len(fitted) <= 64
    assert fitting_name(fitted, ACCEPTED, 64) == fitted


def test_names_that_differ_only_where_they_do_not_fit_stay_apart() -> None:
    assert fitting_name("a.b", ACCEPTED, 64) != fitting_name("a:b", ACCEPTED, 64)
    assert fitting_name("x" * 70 + "1", ACCEPTED, 64) != fitting_name("x" * 70 + "2", ACCEPTED, 64)
    assert fitting_name("x" * 64, ACCEPTED, 64) == "x" * 64
