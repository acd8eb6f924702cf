"""`python -m addons.services.simulator`: the simulated providers as a process of their own, for the demo."""

import argparse
import logging
import signal
import threading
from pathlib import Path

from addons.services.simulator.free_port import LISTEN
from addons.services.simulator.server import Simulator

logger = logging.getLogger("simulator")


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0: any free one")
    parser.add_argument("--directory", type=Path, required=True, help="where its certificate authority is written")
    parser.add_argument("--record", type=Path, help="file that gets every request as a line of JSON")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    options.directory.mkdir(parents=True, exist_ok=True)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with Simulator(options.directory, port=options.port, record=options.record) as simulator:
        logger.info("listening on %s:%d, trust %s", LISTEN, simulator.port, simulator.authority)
        ended.wait()


if __name__ == "__main__":
    main()
