"""A page's figures are painted before anything below them is sent.

A browser that shows a page for the first time still has to load what draws a metric, and React puts what was loaded
off for as long as other elements arrive: charts and tables would come before the figures above them. So the first page
of a tab ends after its first row of figures, and is drawn whole once the browser has had time to paint them. Until then
there are no controls either: what draws them is twenty files, and nobody's hand is that quick.

The browser's timer goes on until it hears of that whole page. Where a busy machine is late to begin it, the timer fires
once more, and Streamlit logs that its fragment does not exist any more: nothing else comes of it.
"""

import streamlit as st

KEY = "painted"
"""In the session state: absent in a new tab, False while its first figures are on their way, True from then on."""
AFTER = "400ms"
"""Counted by the browser, from when the figures arrive; to paint a row of them takes it about 0.3 s."""


def is_whole() -> bool:
    """False until a tab's first figures are painted: what is there for the hand waits, and only keeps its place."""
    return bool(st.session_state.get(KEY))


def figures_first() -> None:
    """What a page draws after this waits, once in the life of a tab."""
    if not is_whole():
        _then_the_rest()
        st.stop()


@st.fragment(run_every=AFTER)
def _then_the_rest() -> None:
    if KEY in st.session_state:
        st.session_state[KEY] = True
        st.rerun()
    st.session_state[KEY] = False
