"""A request of agent mode as a person with a set-up of their own has it: rules, notes of a memory server, more tools.

Texts are this project's own; names and sizes are Continue's (core/tools/builtIn.ts of continuedev/continue d0a3c0b).
"""

from collections.abc import Iterator
from random import Random

from addons.services.simulator.continue_tools import SYSTEM, TOOLS, tool
from addons.services.simulator.material import NOUNS, VERBS, WORDS

RULES = """
# Warehouse: how we work here

- Python 3.13, Decimal for every amount, never float. Round once, half up, where money leaves a function.
- A function that books takes `strict`; with `strict=False` it books and logs instead of refusing.
- The ledger is locked by account name, always in alphabetical order, and never while a request goes out.
- Tests stand beside the module's name: `src/warehouse/orders.py`, `tests/test_orders.py`. A bug gets its test first.
- Run `python -m pytest -v` on the file you change, then on the folder; the whole suite takes nine minutes.
- Migrations are written by hand in `migrations/`, numbered, and reversible. Never edit one that was released.
- Amounts in JSON are strings with two decimals. Times are ISO 8601, in UTC.
- Log what a person needs to find a booking: its number, the account, the amount. Never a name or an address.
- Public functions have a docstring of one line that says what is returned, and type hints.
- Errors: raise `BookingError` with the account and the amount; the API turns it into 409.
- No new dependency without asking. No `print`. No commented-out code.
- Ask before you delete a file, before you touch `deploy/`, and before you change a public signature.
- Answer briefly: what was wrong, what you changed, what is left to do.
"""

NOTES = (
    "The fee table moved to the database in February; `fees.toml` is only a fallback",
    "Refunds are booked against the voucher account, not against cash, since the audit",
    "The carrier's sandbox answers 200 with an error in the body: check `status` before `items`",
    "Two workers run the import; both may pick up the same delivery note within a second",
    "Tax office wants half-up rounding on the line, not on the sum; agreed with accounting in January",
    "`archive_order` is called by the nightly job only, with strict=False",
    "Stock counts lock the whole shelf; a reservation then waits up to 30 seconds",
    "The API's clients send amounts as strings; two old ones still send numbers, with a header `x-legacy: 1`",
    "Vouchers expire at midnight in Berlin, not in UTC: see issue 512",
    "The ledger's lock order was changed in release 4.2 and is documented in `docs/locks.md`",
    "Suppliers are merged by tax number; a merge keeps the older id",
    "Pallet labels come from the carrier; we print what they send, unchanged",
    "Load tests run against `staging-2` on Thursdays: bookings there are slow by design",
    "The person on call prefers one message with everything in it to many short ones",
    "Quotes older than 30 days are recalculated when they are opened, with the price list of that day",
    "Money is never moved in a migration; a script in `scripts/` does it, and logs each booking",
)
"""What the memory server remembers, put into each conversation by a rule of the person's."""
RECORDED = 110


def _recorded(random: Random) -> Iterator[str]:
    """What it recorded by itself, session after session."""
    for _ in range(RECORDED):
        yield f"{random.choice(VERBS)}_{random.choice(NOUNS)} {random.choice(WORDS)}"


def _memory() -> str:
    notes = "\n".join(f"- {note}." for note in (*NOTES, *_recorded(Random(1))))
    return f'<mcp-memory server="memory">\n# What we know of this code base\n\n{notes}\n</mcp-memory>\n'


AGENT_SYSTEM = f"{SYSTEM}\n{RULES}\n{_memory()}"

_CODE_HOST = (
    ("create_issue", "Open a new issue in a repository, with a title and a body in Markdown.", "owner repo title body"),
    (
        "get_issue",
        "Get one issue of a repository, with its labels, its state and who it is assigned to.",
        "owner repo issue",
    ),
    (
        "list_issues",
        "List the issues of a repository, by state, labels and date; at most 30 a page.",
        "owner repo state page",
    ),
    ("add_issue_comment", "Add a comment to an issue or a pull request.", "owner repo issue body"),
    ("search_issues", "Search for issues and pull requests in all repositories you may read.", "q sort order page"),
    ("create_pull_request", "Open a pull request from one branch into another.", "owner repo title body head base"),
    ("get_pull_request", "Get one pull request, with whether it can be merged.", "owner repo pull"),
    ("get_pull_request_files", "List the files a pull request changes, with their patches.", "owner repo pull"),
    ("get_pull_request_status", "Get the combined status of all checks of a pull request.", "owner repo pull"),
    (
        "create_pull_request_review",
        "Review a pull request: comment, approve, or ask for changes.",
        "owner repo pull event",
    ),
    ("list_commits", "List the commits of a branch, the newest first.", "owner repo sha page"),
    (
        "get_file_contents",
        "Get a file or the names in a folder, from a branch of a repository.",
        "owner repo path branch",
    ),
    ("push_files", "Push several files to a branch in one commit.", "owner repo branch files message"),
    ("create_branch", "Create a branch from another one.", "owner repo branch from_branch"),
    ("search_code", "Search for code in all repositories you may read.", "q order page"),
)
"""A second MCP server's tools: name, description, parameters."""
_PARAMETERS = {
    "owner": "The account that owns the repository, a person's or an organisation's; not case sensitive",
    "repo": "The name of the repository, without its owner and without the ending .git",
    "q": "The query in the code host's own search syntax, with qualifiers such as is:open or language:python",
    "page": "Which page of the results, counted from 1; each has at most 30 of them",
}

AGENT_TOOLS = [
    *TOOLS,
    *(
        tool(
            f"github_{name}", about, **{key: _PARAMETERS.get(key, f"The {key} of it, as text") for key in keys.split()}
        )
        for name, about, keys in _CODE_HOST
    ),
    tool(
        "create_new_file",
        "Create a new file. Only use this when a file does not exist and should be created; it fails if it exists.",
        filepath="The path where the new file is to be created, relative to the workspace",
        contents="The whole contents of the new file",
    ),
    tool(
        "multi_edit",
        "Make several edits to one file in one go. Each edit takes an exact text, whitespace and all, and what is to "
        "stand in its place; they are applied in order, each on the result of the one before. If one of them fails, "
        "none is applied. Read the file before you use it, and plan the edits so that earlier ones do not change the "
        "text that later ones look for.",
        filepath="The path of the file, relative to the workspace",
        edits="A list of edits, each with old_string, new_string and replace_all",
    ),
    tool(
        "file_glob_search",
        "Search for files recursively in the project by a glob pattern. Supports ** for any number of folders. "
        "Answers at most 100 paths; narrow the pattern if there are more.",
        pattern="The glob pattern for the paths of files",
    ),
    tool(
        "read_file_range",
        "Read some lines of a file, for files that are too large to be read as a whole. Lines count from 1; both ends "
        "are included. Prefer read_file for files of moderate size.",
        filepath="The path of the file to read, relative to the workspace",
        startLine="The first line to read",
        endLine="The last line to read",
    ),
    tool("read_currently_open_file", "Read the file that is open in the editor, if the person says 'this file'."),
    tool(
        "fetch_url_content",
        "View the contents of a website by its address, as Markdown. Do not use it for files.",
        url="The address to read",
    ),
    tool(
        "search_web",
        "Search the web for up-to-date facts: releases, error messages, documentation. Answers the top results with "
        "excerpts. Use it sparingly, and only where the code base does not answer the question.",
        query="The natural language query",
    ),
    tool(
        "create_rule_block",
        "Create a persistent rule for future conversations, when the person asks for a lasting convention. Rules are "
        "files of the workspace with a front matter of name, globs and description, and a body of Markdown.",
        name="A short name that tells what the rule is about",
        rule="Clear instructions in the imperative",
        description="When the rule applies, in one sentence",
        globs="Files the rule applies to, as a glob pattern",
    ),
    tool(
        "memory_create_entities",
        "Create multiple new entities in the knowledge graph. An entity has a name, a type and observations.",
        entities="A list of entities: name, entityType, observations",
    ),
    tool(
        "memory_add_observations",
        "Add new observations to existing entities in the knowledge graph. Fails for an entity that does not exist.",
        observations="A list of entityName with contents, the observations to add",
    ),
    tool("memory_open_nodes", "Open specific nodes in the knowledge graph by their names.", names="Names of entities"),
    tool("memory_read_graph", "Read the entire knowledge graph."),
    tool(
        "kimi_proxy_retrieve_original",
        "Read a text that was replaced by a digest, whole or in part: by lines, or around what a pattern finds.",
        digest="The tag in the digest, k1: and 32 hexadecimal digits",
        lines="Lines to read, such as 40-80",
        pattern="A regular expression; the lines around each hit are answered",
    ),
    tool("kimi_proxy_search_originals", "Search all texts that digests stand for.", query="Words to look for"),
]
