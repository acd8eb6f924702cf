"""`compress`: asks the running proxy to summarise a session's older exchanges, or what that would do."""

import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Any

from addons.cli.asking import asked
from addons.cli.sessions import at_least_one
from addons.cli.show import harmless
from addons.domain import places


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("session", metavar="SESSION", help="its id; `sessions` lists them")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would happen, and the summary; change nothing"
    )
    parser.add_argument(
        "--keep", metavar="N", type=at_least_one, help="exchanges that stay (compression.keep_exchanges)"
    )
    parser.add_argument("--json", action="store_true", help="the proxy's answer as JSON")


def run(args: Namespace) -> int:
    payload: dict[str, object] = {"session_id": args.session, "dry_run": args.dry_run}
    if args.keep is not None:
        payload["keep_exchanges"] = args.keep
    answer = asked(places.database_url(os.environ), "compress", payload)
    print(json.dumps(answer, indent=2, ensure_ascii=False) if args.json else told(answer))
    return 0


def told(answer: Mapping[str, Any]) -> str:
    """For a terminal."""
    asked_for = "Asked for: it happens with the session's next request." if answer["asked"] else ""
    if "messages" not in answer:
        return asked_for
    before, after, window = answer["prompt_tokens_before"], answer["prompt_tokens_after"], answer["context_window"]
    share = f" ({before / window:.0%} -> {after / window:.0%} of the context window)" if window else ""
    head = (
        f"{answer['messages']} messages, {answer['tokens_before']:,} tokens, become a summary of "
        f"{answer['tokens_after']:,}; the latest {answer['kept_exchanges']} exchanges stay.\n"
        f"The latest request: {before:,} -> {after:,} tokens{share}, estimated."
    )
    return f"{head}\n{asked_for}" if asked_for else f"{head}\n\n{harmless(answer['text'])}"
