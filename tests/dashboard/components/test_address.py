"""Filters in the address, over pages of their own that show nothing else."""

from streamlit.testing.v1 import AppTest

from dashboard.components.figures_first import KEY


def one_filter() -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs this text as a page of its own

    from dashboard.components import address  # noqa: PLC0415

    chosen = address.choice("colour", "Colour", ["", "red", "blue"], lambda key: key or "any")
    st.text(chosen)
    st.text(address.text("q", "Search"))


def shown(*, whole: bool = True, **query: str) -> AppTest:
    page = AppTest.from_function(one_filter, default_timeout=120)
    page.session_state[KEY] = whole
    for name, value in query.items():
        page.query_params[name] = value
    return page.run()


def test_the_default_leaves_the_address_alone() -> None:
    page = shown()
    assert page.text[0].value == ""
    assert "colour" not in page.query_params


def test_a_value_from_the_address_is_chosen() -> None:
    page = shown(colour="blue", q="retry")
    assert [text.value for text in page.text] == ["blue", "retry"]


def test_a_choice_goes_into_the_address_and_out_again() -> None:
    page = shown(colour="blue")
    page.selectbox[0].set_value("red").run()
    assert page.query_params["colour"] == "red"
    page.selectbox[0].set_value("").run()
    assert "colour" not in page.query_params


def test_what_the_address_says_wins_over_what_was_chosen() -> None:
    page = shown(colour="blue")
    page.query_params["colour"] = "red"
    assert page.run().text[0].value == "red"


def test_a_choice_is_kept_when_the_menu_drops_it_from_the_address() -> None:
    page = shown(colour="blue")
    page.query_params.clear()
    assert page.run().text[0].value == "blue"


def test_a_value_that_is_not_offered_is_the_default() -> None:
    page = shown(colour="![x](http://evil.example)")
    assert page.text[0].value == ""
    assert not page.exception


def test_a_filter_holds_before_it_is_there_to_be_changed() -> None:
    page = shown(whole=False, colour="blue", q="retry")
    assert [text.value for text in page.text] == ["blue", "retry"]
    assert not page.selectbox
    assert not page.text_input
    page.session_state[KEY] = True
    page.run()
    assert [text.value for text in page.text] == ["blue", "retry"]
    assert (page.selectbox[0].value, page.text_input[0].value) == ("blue", "retry")
