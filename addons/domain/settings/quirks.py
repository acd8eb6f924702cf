"""What can be set about a provider's departures from OpenAI's chat completions; `domain.quirks` heeds it."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct, field

from addons.domain.settings.accepts import HUGE

Count = Annotated[int, Meta(ge=1, le=HUGE)]

Names = Annotated[tuple[str, ...], Meta(extra={"accepts": 'a list of names, such as ["store", "user"]'})]


class Quirks(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """In what a provider departs from OpenAI's chat completions. Heeded where a request is changed anyway: on its way
    to a provider that it was not written for, and in the repair of a request that was refused."""

    only_fields: Annotated[Names, Meta(description="The only fields of a body that it takes; empty: any.")] = ()
    strip_fields: Annotated[Names, Meta(description="Fields of a body that it refuses.")] = ()
    rename_fields: Annotated[
        Mapping[str, str], Meta(description="What it calls a field of a body, by OpenAI's name.")
    ] = field(default_factory=dict)
    strip_message_fields: Annotated[Names, Meta(description="Fields of a message that it refuses.")] = ()
    rename_message_fields: Annotated[
        Mapping[str, str], Meta(description="What it calls a field of a message, by its usual name.")
    ] = field(default_factory=dict)
    strip_null_fields: Annotated[
        bool, Meta(description="Whether it refuses a message's fields that are null (`content` may be).")
    ] = False
    tool_id_pattern: Annotated[
        str,
        Meta(
            description="The ids of tool calls that it takes; others are replaced by nine letters and digits.",
            extra={"accepts": 'a regular expression such as "[a-zA-Z0-9]{9}"'},
        ),
    ] = ""
    tool_choices: Annotated[Names, Meta(description="The words it takes for `tool_choice`; empty: any.")] = ()
    most_tools: Annotated[Count | None, Meta(description="Most tools in a request; the first ones stay.")] = None
    most_stops: Annotated[Count | None, Meta(description="Most stop sequences; the first ones stay.")] = None
    fill_reasoning: Annotated[
        str, Meta(description="Stands for the reasoning that it wants with every tool call, where there is none.")
    ] = ""
    fill_empty_content: Annotated[
        str, Meta(description="Stands for the content of a user's message or a tool result that is empty.")
    ] = ""
    drop_empty_content: Annotated[
        bool, Meta(description="Whether `content` is left out where it is empty beside tool calls.")
    ] = False
    between_tool_and_user: Annotated[
        str, Meta(description="An answer put between a tool result and a user's message, where it wants one.")
    ] = ""
    thought_signatures: Annotated[
        bool, Meta(description="Whether it takes Google's thought signatures (`extra_content`).")
    ] = False
    reduced_schemas: Annotated[
        bool, Meta(description="Gemini only: whether schemas of tools are reduced to Google's own subset.")
    ] = False
