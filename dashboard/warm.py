"""What the first page needs, imported and made ahead of it."""

from dashboard import data, settings_form  # noqa: F401 - importing is what this module is for
from dashboard.catalogues import LANGUAGES
from dashboard.charts.cache_share import cache_share
from dashboard.charts.context_bar import context_bar
from dashboard.charts.context_over_time import context_over_time
from dashboard.charts.cost_compared import cost_compared
from dashboard.charts.memory_over_time import memory_over_time
from dashboard.charts.memory_sources import memory_sources
from dashboard.charts.net_over_time import net_over_time
from dashboard.charts.timings import timings
from dashboard.charts.tokens_per_request import input_per_request, output_per_request
from dashboard.charts.used_over_time import cost_over_time, tokens_over_time
from dashboard.charts.waterfall import waterfall
from dashboard.i18n import speaking

for chart in (
    *(context_bar, input_per_request, output_per_request, context_over_time),
    *(waterfall, cache_share, net_over_time, timings),
    *(cost_over_time, tokens_over_time, cost_compared, memory_over_time, memory_sources),
):
    for language in LANGUAGES:
        with speaking(language):
            chart()
