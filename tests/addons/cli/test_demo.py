"""What the demo prepares; that it plays is tested end to end (tests/e2e/test_demo.py)."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from addons.cli import demo
from addons.cli.programs import Ports
from addons.services import settings_files
from addons.services.authority import load_authority
from addons.services.simulator.script import Answer
from dashboard.pages import PAGES


@pytest.fixture
def stage(tmp_path: Path) -> demo.Stage:
    return demo.Stage(tmp_path / "demo", Ports())


def test_everything_of_the_demo_lies_in_its_own_folder(stage: demo.Stage) -> None:
    places = [stage.environ[name] for name in ("KIMI_HOME", "KIMI_DATABASE_URL", "CONTINUE_GLOBAL_DIR")]
    assert all(str(stage.folder) in place for place in places)


def test_no_call_of_the_demo_waits_for_a_rate_limit(stage: demo.Stage) -> None:
    stage.prepare()
    limits = [provider.limits for provider in settings_files.load(stage.environ).providers.values()]
    assert {limit.requests_per_minute for limit in limits} == {demo.UNLIMITED}
    assert {limit.tokens_per_minute for limit in limits} == {None, demo.UNLIMITED_TOKENS}


def test_the_past_comes_nearer_with_each_call_and_ends_now() -> None:
    agos = [ago_s for ago_s, _call in demo.past()]
    assert agos == sorted(agos, reverse=True)
    assert agos[0] > 4 * 86_400
    assert agos[-1] == 0


def test_a_long_answer_takes_no_longer_than_one_looks() -> None:
    assert demo.chunk_delay_s(Answer(text="short")) == demo.CHUNK_DELAY_S
    long = Answer(text="x" * 40_000)
    assert demo.chunk_delay_s(long) * len(long.text) / long.chunk_chars == pytest.approx(demo.LONGEST_S)


def test_the_tour_leads_to_pages_that_are_there() -> None:
    paths = {word.removeprefix("URL/") for word in demo.tour("URL").split() if word.startswith("URL")}
    assert paths - {""} <= {page.file.removesuffix(".py") for page in PAGES}
    assert len(paths) == 5


def test_the_proxys_authority_covers_every_provider(stage: demo.Stage) -> None:
    stage.prepare()
    authority = load_authority(stage.proxy_trust.parent)
    assert authority.missing(settings_files.load(stage.environ).hosts()) == ()


def test_the_proxy_is_sent_to_the_simulator_and_trusts_it(stage: demo.Stage) -> None:
    proxy, dashboard = stage.product()
    assert str(demo.REDIRECT) in proxy.command
    assert f"ssl_verify_upstream_trusted_ca={stage.simulator_trust}" in proxy.command
    assert proxy.environ["KIMI_SIMULATOR_PORT"] == str(stage.simulator_port)
    assert dashboard.environ["KIMI_DATABASE_URL"] == stage.environ["KIMI_DATABASE_URL"]
    assert str(stage.simulator_port) in stage.simulator().command


def test_the_options_are_those_of_up_and_the_pace() -> None:
    parser = ArgumentParser()
    demo.add_arguments(parser)
    args = parser.parse_args(["--proxy-port", "9000", "--pace", "0.5"])
    assert (args.proxy_port, args.pace, args.folder) == (9000, 0.5, None)
