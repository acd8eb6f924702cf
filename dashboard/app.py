"""The dashboard's server: `streamlit run dashboard/app.py`, from any directory.

It draws nothing: `frame.py` is run anew for each look at a page, this file once.
"""

import sys
import threading
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # Streamlit puts dashboard/ there, not the checkout
    sys.path.insert(0, str(ROOT))

import altair  # noqa: F401 - and pandas: two threads that import it at once find it half there
import pandas  # noqa: F401
import streamlit as st
from starlette.middleware import Middleware

from dashboard import signing_in
from dashboard.document_language import DocumentLanguage
from dashboard.guard import Guard, refuse_open_address
from dashboard.routes import ROUTES

refuse_open_address(st.get_option("server.address"))
signing_in.required()

# The first page of a cold server waits mostly for imports, which take seconds; they can begin before a browser comes.
threading.Thread(target=import_module, args=("dashboard.warm",), name="warm", daemon=True).start()

app = st.App(
    ROOT / "dashboard" / "frame.py",
    routes=ROUTES,
    middleware=[Middleware(Guard, hosts=st.get_option("server.allowedHosts")), Middleware(DocumentLanguage)],
)
