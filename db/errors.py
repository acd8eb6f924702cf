"""What can be wrong with the store, beyond what any `UserError` says."""

from addons.domain.errors import UserError


class StoreNotReady(UserError):
    """There is no database yet, or its tables are not there or not up to date: starting the proxy makes them.

    The dashboard shows its set-up page instead.
    """
