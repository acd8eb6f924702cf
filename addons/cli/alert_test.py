"""`alert-test`: one alert to each channel, and what became of it."""

import os
import time
from argparse import ArgumentParser, Namespace

from addons.domain.alerts.alert import Alert
from addons.domain.errors import UserError
from addons.domain.events import Level
from addons.services import settings_files
from addons.services.apprise_channel import AppriseChannel

NONE = "There is nowhere to send alerts: set alerts.urls in your own providers.toml, or KIMI_ALERT_URLS."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--level", choices=[str(level) for level in Level], default="warning", help="its level")


def run(args: Namespace) -> int:
    """1 if a channel did not take it."""
    urls = os.environ.get("KIMI_ALERT_URLS", "").split() or settings_files.load(os.environ).alerts.urls
    if not urls:
        raise UserError(NONE)
    alert = Alert(
        key="test:test",
        at_ms=time.time_ns() // 1_000_000,
        level=Level(args.level),
        message="This is a test. Alerts of Kimi Proxy arrive here.",
    )
    errors = 0
    for number, url in enumerate(urls, 1):
        channel = AppriseChannel(number, url)
        error = channel.deliver(alert)
        errors += bool(error)
        print(error or f"{channel.name} has taken it")
    return 1 if errors else 0
