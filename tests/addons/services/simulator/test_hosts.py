import socket
import ssl

from addons.services.simulator.failures import failures
from addons.services.simulator.hosts import DIALECTS, NAMES
from addons.services.simulator.other_api import MODELS
from addons.services.simulator.server import Simulator


def test_every_dialect_has_errors_and_models() -> None:
    names = {dialect.name for dialect in DIALECTS.values()}
    assert names <= failures().keys()
    assert names <= MODELS.keys()


def test_the_certificate_names_every_host(simulator: Simulator) -> None:
    context = ssl.create_default_context(cafile=str(simulator.authority))
    for name in NAMES:
        with socket.create_connection(("127.0.0.1", simulator.port)) as plain:
            context.wrap_socket(plain, server_hostname=name).close()
