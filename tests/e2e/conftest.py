"""One simulator and one running product for all end-to-end tests; each test sees its own requests and rows."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from addons.services.simulator.server import Simulator
from tests.e2e.continue_cli import CANDIDATES, Cn
from tests.e2e.harness import Case, Product, Way


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("product"), simulator)
    product.start()
    yield product
    product.stop()


@pytest.fixture
def case(product: Product, simulator: Simulator, request: pytest.FixtureRequest) -> Iterator[Case]:
    """Ready for one test; what mitmdump printed meanwhile is part of the report."""
    case = Case(product, simulator)
    case.begin()
    printed = len(product.output())
    yield case
    request.node.add_report_section("call", "mitmdump", product.output()[printed:])


@pytest.fixture(params=[False, True], ids=["proxy", "gateway"])
def way(product: Product, request: pytest.FixtureRequest) -> Way:
    return Way(product, gateway=request.param)


@pytest.fixture
def product_way(product: Product) -> Way:
    """The proxy alone, where both ways would only repeat each other."""
    return Way(product, gateway=False)


@pytest.fixture
def cn_program() -> str:
    """Skipped without the client, unless KIMI_REQUIRE_ALL=1 says that nothing may be skipped."""
    found = next((str(path) for path in CANDIDATES if path and Path(path).exists()), None)
    if found is None:
        reason = "Continue's command line is not installed: npm ci in tests/e2e/cn, or name it in KIMI_CN"
        if os.environ.get("KIMI_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def cn(cn_program: str, tmp_path: Path, way: Way) -> Cn:
    return Cn(cn_program, tmp_path, way)
