"""The words that rows are recorded with and people read: for catalogues, which hold each of them."""

from collections.abc import Iterator

from addons.domain.completion import Outcome
from addons.domain.compression.summary import Trigger
from addons.domain.continue_log.event import LogKind
from addons.domain.epochs import Reason
from addons.domain.events import Level
from addons.domain.kinds import Kind
from addons.domain.masking.rules import RULES
from addons.domain.pacing.limit import Basis
from addons.domain.provider_errors import ErrorClass
from addons.domain.usage import UsageSource

ON_ARRIVAL = "arrival"
"""The reason of what was masked before it was ever sent; `epochs.Reason` has the others."""


def words() -> Iterator[str]:
    """Some more than once: a retry is a kind of event, and pressure a reason and a trigger."""
    for kind in (Kind, Outcome, ErrorClass, Reason, Trigger, Level, LogKind, UsageSource, Basis):
        yield from (str(word) for word in kind)
    yield ON_ARRIVAL
    yield from (rule.kind for rule in RULES)
