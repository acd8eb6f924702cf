"""The settings of the log file."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Log(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The proxy's log file: JSON, a line each, in the folder `log` of KIMI_HOME. What stands on the terminal stays."""

    level: Annotated[
        Literal["off", "error", "warning", "info", "debug"],
        Meta(
            description="The lowest level that is written; from info on, each call has a line: figures, and "
            'no text. "off": no file. Used from the proxy\'s next start on.'
        ),
    ] = "info"
    megabytes: Annotated[int, Meta(ge=1, le=1000, description="Size from which the file is put aside.")] = 10
    keep: Annotated[int, Meta(ge=1, le=100, description="How many that were put aside are kept.")] = 5
