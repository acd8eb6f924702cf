"""What of Continue's own files is followed."""

from typing import Annotated

from msgspec import Meta, Struct


class IdeLog(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which of Continue's own logs are followed, where they are there."""

    core_log: Annotated[
        bool, Meta(description="logs/core.log, of the JetBrains plug-in: errors, and requests too large to be sent.")
    ] = True
    cn_log: Annotated[bool, Meta(description="logs/cn.log, of Continue's command line: errors.")] = True
    dev_data: Annotated[
        bool, Meta(description="dev_data/0.2.0/tokensGenerated.jsonl, of the IDEs: their own estimate of each call.")
    ] = True
    continue_dir: Annotated[
        str, Meta(description="Continue's own folder; empty: CONTINUE_GLOBAL_DIR, else ~/.continue.")
    ] = ""
