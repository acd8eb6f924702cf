"""A server of one answer, for probes of ports."""

import socket
import ssl
import threading

from addons.cli.programs import LOOPBACK

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Listener:
    """Accepts connections one after the other and answers each with the same bytes, then with TLS if it has any."""

    def __init__(self, answer: bytes, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_server((LOOPBACK, 0))
        self.port = int(self.socket.getsockname()[1])
        self.answer = answer
        self.tls = tls
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return  # closed
            with connection:
                if connection.recv(4096):
                    connection.sendall(self.answer)
                if self.tls:
                    try:
                        self.tls.wrap_socket(connection, server_side=True).close()
                    except OSError:
                        continue  # refused by the client, which says why

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()
