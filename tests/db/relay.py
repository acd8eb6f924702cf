"""A way to a server that fails where a real one may."""

import socket
import threading

from tests.postgres_server import LISTEN

WAIT_S = 60
PIECE = 65_536


class Relay:
    """Passes bytes on to a PostgreSQL; once, it keeps the answer to the COMMIT of a transaction and hangs up."""

    def __init__(self, port: int, written: bytes) -> None:
        """`written` is in that transaction."""
        self._to = port
        self._listening = socket.create_server((LISTEN, 0))
        self.port: int = self._listening.getsockname()[1]
        self._written = written
        self.cut = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection((LISTEN, self._to)) as server:
            back = threading.Thread(target=_pour, args=(server, client), daemon=True)
            back.start()
            is_the_one = False
            while asked := client.recv(PIECE):
                is_the_one |= self._written in asked
                if is_the_one and b"COMMIT" in asked and not self.cut.is_set():
                    client.shutdown(socket.SHUT_WR)  # the answer has nowhere to go from here on
                    server.sendall(asked)
                    self.cut.set()
                    back.join(WAIT_S)
                    return
                server.sendall(asked)
            server.shutdown(socket.SHUT_RDWR)


def _pour(source: socket.socket, target: socket.socket) -> None:
    try:
        while found := source.recv(PIECE):
            target.sendall(found)
    except OSError:
        return
