"""What was used and spent."""

from dashboard.data.asking import asks
from db.queries import costs, usage
from db.queries.usage import GroupCached, GroupUsed, PeriodUsed, UsageFilter, Used

usage_groups = asks(usage.groups)
usage_over_time = asks(usage.over_time)
usage_total = asks(usage.total)
usage_cached = asks(usage.cached)
models = asks(usage.models)
projects = asks(usage.projects)
spent_by_day = asks(costs.spent_by_day)

__all__ = [
    "GroupCached",
    "GroupUsed",
    "PeriodUsed",
    "UsageFilter",
    "Used",
    "models",
    "projects",
    "spent_by_day",
    "usage_cached",
    "usage_groups",
    "usage_over_time",
    "usage_total",
]
