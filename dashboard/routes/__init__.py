"""What the dashboard serves beside its pages: the first page's own address, and files, which Streamlit's download would
hold in memory as a whole until the tab is closed.

`dashboard.guard` stands before them all, as before the pages.
"""

from starlette.routing import Route

from dashboard.routes.export import export
from dashboard.routes.front import front
from dashboard.routes.report import report

ROUTES = (
    Route("/export/requests.{form}", export),
    Route("/export/report", report),
    Route("/session", front),
)
