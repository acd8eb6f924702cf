"""What every page has around it: title, menu, and the line that says whether a proxy is alive."""

from itertools import groupby

import streamlit as st

from dashboard import data
from dashboard.components.boundary import boundary
from dashboard.components.strip import strip
from dashboard.pages import PAGES, view
from dashboard.places import ICON, LOGO

st.set_page_config(page_title="Kimi Proxy", page_icon=str(ICON), layout="wide", initial_sidebar_state=210)
st.logo(str(LOGO), size="large")

menu = {
    section: [st.Page(view(page.file), title=page.title, default=page is PAGES[0]) for page in pages]
    for section, pages in groupby(PAGES, key=lambda page: page.section)
}
chosen = st.navigation(menu)
strip(chosen.title)
with boundary(wait=True):
    if not any(page.without_store and page.title == chosen.title for page in PAGES):
        data.proxy_signs()  # fails here, and not with half a page drawn
    chosen.run()
