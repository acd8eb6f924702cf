from streamlit.testing.v1 import AppTest

from dashboard.components.figures_first import KEY


def page() -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs this text as a page of its own

    from dashboard.components.figures_first import figures_first  # noqa: PLC0415

    st.metric("Turns", "7")
    figures_first()
    st.text("below")
    figures_first()
    st.text("at the end")


def test_a_new_tab_gets_the_figures_alone_and_then_the_whole_page() -> None:
    tab = AppTest.from_function(page).run()
    assert [figure.value for figure in tab.metric] == ["7"]
    assert not tab.text
    tab.run()  # as the browser asks for, soon after; the fragment that asks cannot be run here
    assert [figure.value for figure in tab.metric] == ["7"]
    assert [text.value for text in tab.text] == ["below", "at the end"]


def test_a_tab_that_has_painted_figures_gets_the_whole_page_at_once() -> None:
    tab = AppTest.from_function(page)
    tab.session_state[KEY] = True
    tab.run()
    assert [text.value for text in tab.text] == ["below", "at the end"]
