"""What the pages need, imported and made ahead of the first one: what they share, then the charts by language.

Streamlit has all garbage collected after each run of a page, each live tab's too. What is loaded by now stays, so it is
taken out of the collector's sight: going through it takes a tenth of a second, three times what a page does.

What is left of a cold start is Python's own reading of Streamlit, pandas and Altair, which nobody's order can spare.
"""

import gc
from importlib import import_module
from pkgutil import iter_modules

from dashboard import charts, components, data, settings_form  # noqa: F401 - importing is what this module is for
from dashboard.catalogues import LANGUAGES
from dashboard.charts.ready import READY
from dashboard.i18n import speaking

for package in (components, charts):
    for found in iter_modules(package.__path__, f"{package.__name__}."):
        import_module(found.name)

for language in LANGUAGES:  # all charts in the first one, before any in the second
    with speaking(language):
        for chart in READY:
            chart()

gc.collect()
gc.freeze()
