"""What every page has around it: title, menu, language, and the line that says whether a proxy is alive."""

from itertools import groupby

import streamlit as st

from dashboard import data
from dashboard.components import filters, languages, leading, sign_in
from dashboard.components.boundary import boundary
from dashboard.components.figures_first import figures_first
from dashboard.components.strip import strip
from dashboard.i18n import _
from dashboard.pages import PAGES, view
from dashboard.places import ICON, LOGO

st.set_page_config(page_icon=str(ICON), layout="wide", initial_sidebar_state=226)
st.logo(str(LOGO), size="large")

languages.settle()
pages = {page: st.Page(view(page.file), title=_(page.title), default=page is PAGES[0]) for page in PAGES}
menu = {_(section): [pages[page] for page in of] for section, of in groupby(PAGES, key=lambda page: page.section)}
may_see = sign_in.has_entered()
current = st.navigation(menu, position="sidebar" if may_see else "hidden")
chosen = next(page for page in PAGES if pages[page] is current)
title = _(chosen.title)
st.set_page_config(page_title=_("{page} · Kimi Proxy").format(page=title))
if not may_see:
    st.stop()
filters.arrive(chosen.file)
leading.arrive(chosen.file)
strip(title)
with boundary(wait=True):
    if not chosen.without_store:
        data.proxy_signs()  # fails here, and not with half a page drawn
    current.run()
figures_first()  # of a page that has none, or has nothing to show
# For who waits until a page is drawn whole, however often parts of it are drawn anew.
with st.container(key="page-end"):
    st.space("xxsmall")
