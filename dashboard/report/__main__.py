"""`python -m dashboard.report SESSION LANGUAGE`: the report on standard output, for `./just export --report`."""

import logging
import sys
from datetime import datetime

logging.disable(logging.WARNING)  # before the imports: Streamlit warns in them that nobody draws a page

from dashboard.catalogues import LANGUAGES
from dashboard.data import StoreUnavailable
from dashboard.format import now_ms
from dashboard.i18n import speaking
from dashboard.report.gathered import gather
from dashboard.report.page import page


def main(session_id: str, lang: str) -> str:
    """What is wrong, or ""; in the zone of this machine."""
    if lang not in LANGUAGES:
        return f"--lang is {lang!r}; expected {' or '.join(LANGUAGES)}"
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    try:
        with speaking(lang):
            found = gather(session_id)
            if found is None:
                return f"--report is {session_id!r}; expected the id of a session, as ./just sessions lists them"
            sys.stdout.buffer.write(page(found, zone, now_ms()).encode())
    except StoreUnavailable as problem:
        return str(problem)
    return ""


if __name__ == "__main__":
    if problem := main(*sys.argv[1:3]):
        sys.stderr.write(f"./just export: {problem}\n")
        sys.exit(1)
