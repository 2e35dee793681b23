"""A way between two programs on this machine that can be told to stand still: nothing arrives, and nobody hangs up."""

import socket
import threading

LOCALHOST = "127.0.0.1"


class FrozenWay:
    """Passes bytes on to a port, until it is frozen; a new connection after `thaw` works again."""

    def __init__(self, to: int) -> None:
        self.to = to
        self._moving = threading.Event()
        self._moving.set()
        self._listening = socket.create_server((LOCALHOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        self._moving.clear()

    def thaw(self) -> None:
        self._moving.set()

    def __enter__(self) -> "FrozenWay":
        return self

    def __exit__(self, *_: object) -> None:
        self.thaw()
        for end in (self._listening, *self._ends):
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
                far = socket.create_connection((LOCALHOST, self.to))
            except OSError:
                return
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while some := one.recv(65536):
                self._moving.wait()
                other.sendall(some)
        except OSError:
            return
        finally:
            for end in (one, other):
                end.close()
