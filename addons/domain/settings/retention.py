"""The settings of what is kept, and for how long."""

from typing import Annotated

from msgspec import Meta, Struct

Days = Annotated[int, Meta(ge=1, le=36_500)]


class Retention(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long texts and messages are kept. Calls with their counts and costs are kept for ever; so is whatever belongs
    to a pinned session. Absent: for ever."""

    originals_days: Annotated[
        Days | None,
        Meta(
            description="Originals of masked messages: so many days after the last call of their session. After that a "
            "digest that still stands in it cannot be resolved any more."
        ),
    ] = None
    previews_days: Annotated[
        Days | None,
        Meta(
            description="What was made of texts: digests, summaries, and the answers to what was asked for in the "
            "dashboard; likewise. A session that goes on after that is masked and summarised anew."
        ),
    ] = None
    log_events_days: Annotated[Days | None, Meta(description="What Continue's own logs told.")] = 90
    events_days: Annotated[
        Days,
        Meta(description="All other events: failures, settings, limits. Epochs and moves stay with their session."),
    ] = 365
    alerts_days: Annotated[Days | None, Meta(description="Alerts, acknowledged or not.")] = 365
    commands_days: Annotated[
        Days | None, Meta(description="What was asked for in the dashboard, and how it ended.")
    ] = 30
